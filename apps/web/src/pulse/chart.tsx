import { useEffect, useRef, type JSX } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface Line {
  /** A custom property of the page's colours. */
  color: string;
  isFilled?: boolean;
  isThin?: boolean;
}

interface ChartProps {
  lines: readonly Line[];
  /** Times in seconds, then a column for each line. */
  columns: () => [number[], ...(number | null)[][]];
  /** What the chart says, for those who do not see it. */
  words: string;
  format: (value: number) => string;
  /** The scale goes up to this, also where all values are smaller. */
  atLeast: number;
}

const HEIGHT = 110;
const TICK_MS = 1000;
const FONT = "11px 'Atkinson Hyperlegible Next Variable', sans-serif";

/** A colour of the page as the canvas knows it. */
function ink(element: Element, color: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${color})`;
  element.append(probe);
  const { color: computed } = getComputedStyle(probe);
  probe.remove();
  return computed;
}

const hours = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const seconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });
const MINUTE = 60;

/** Times that lie close are told by their seconds. */
function time(tick: number, ticks: readonly number[]): string {
  const isClose = (ticks[1] ?? tick) - (ticks[0] ?? tick) < MINUTE;
  return (isClose ? seconds : hours).format(tick * 1000);
}

type Drawn = Pick<ChartProps, 'lines' | 'format' | 'atLeast'>;

function series(element: HTMLElement, { color, isFilled, isThin }: Line): UPlot.Series {
  const stroke = ink(element, color);
  const fill = isFilled && { fill: stroke.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.15)') };
  return { stroke, width: isThin ? 1 : 1.75, points: { show: false }, spanGaps: true, ...fill };
}

function options(element: HTMLElement, { lines, format, atLeast }: Drawn): UPlot.Options {
  const grid = { stroke: ink(element, '--color-line'), width: 1 };
  const axis = { stroke: ink(element, '--color-muted'), font: FONT, ticks: { show: false } };
  const times = (_: UPlot, ticks: number[]) => ticks.map((tick) => time(tick, ticks));
  return {
    width: element.clientWidth || 300,
    height: HEIGHT,
    padding: [6, 20, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    scales: { y: { range: (_, __, max) => [0, Math.max(atLeast, max * 1.15)] } },
    axes: [
      { ...axis, grid: { show: false }, size: 20, space: 84, values: times },
      { ...axis, grid, size: 44, space: 32, values: (_, ticks) => ticks.map(format) },
    ],
    series: [{}, ...lines.map((line) => series(element, line))],
  };
}

/** A chart of the last minutes that goes on by itself. */
export function Chart({ lines, columns, words, format, atLeast }: ChartProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let plot: UPlot | undefined;
    const draw = () => {
      plot?.destroy();
      plot = new UPlot(options(element, { lines, format, atLeast }), columns(), element);
    };
    const resize = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth || 300, height: HEIGHT }));
    const theme = new MutationObserver(draw);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    draw();
    resize.observe(element);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    dark.addEventListener('change', draw);
    const timer = setInterval(() => document.hidden || plot?.setData(columns()), TICK_MS);
    return () => {
      clearInterval(timer);
      resize.disconnect();
      theme.disconnect();
      dark.removeEventListener('change', draw);
      plot?.destroy();
    };
  }, [lines, columns, format, atLeast]);
  return <div ref={place} role="img" aria-label={words} style={{ height: HEIGHT }} />;
}
