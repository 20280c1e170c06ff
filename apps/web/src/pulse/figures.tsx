import { useCallback, type JSX } from 'react';
import { useHub } from '../context.ts';
import { latency } from '../words.ts';
import { Chart, type Line } from './chart.tsx';

const RATE_SECONDS = 10;
const DELAY_SECONDS = 60;
const RATE_LINES: readonly Line[] = [{ color: '--color-accent', isFilled: true }];
const DELAY_LINES: readonly Line[] = [{ color: '--color-strong', isThin: true }, { color: '--color-accent' }];

function Figure({ value, words }: { value: string; words: string }): JSX.Element {
  return (
    <p className="grid">
      <span className="text-3xl font-extrabold tracking-tight tabular-nums">{value}</span>
      <span className="text-sm text-muted">{words}</span>
    </p>
  );
}

/** How many posts come. */
export function Rate({ seconds }: { seconds: number }): JSX.Element {
  const { pulse } = useHub();
  const columns = useCallback((): [number[], (number | null)[]] => {
    const [times, posts] = pulse.columns(seconds);
    return [times, posts];
  }, [pulse, seconds]);
  const rate = pulse.rate(RATE_SECONDS);
  return (
    <section className="grid gap-2" aria-label="Posts a second">
      <Figure value={rate < 10 ? rate.toFixed(1) : rate.toFixed(0)} words="posts a second" />
      <Chart
        lines={RATE_LINES}
        columns={columns}
        format={String}
        atLeast={2}
        words={`Posts a second: ${rate.toFixed(1)} now`}
      />
    </section>
  );
}

/** How long posts take from the server that was read to this screen. */
export function Delay({ seconds }: { seconds: number }): JSX.Element {
  const { pulse } = useHub();
  const columns = useCallback((): [number[], (number | null)[], (number | null)[]] => {
    const [times, , median, most] = pulse.columns(seconds);
    return [times, most, median];
  }, [pulse, seconds]);
  const median = pulse.delay(DELAY_SECONDS, 0.5);
  const most = pulse.delay(DELAY_SECONDS, 0.95);
  const value = median === null ? '–' : latency(median);
  const words = `from server to screen${most === null ? '' : `; 95 of 100 within ${latency(most)}`}`;
  return (
    <section className="grid gap-2" aria-label="Delay">
      <Figure value={value} words={words} />
      <Chart
        lines={DELAY_LINES}
        columns={columns}
        format={latency}
        atLeast={100}
        words={`Time from server to screen: ${value} in the median`}
      />
    </section>
  );
}
