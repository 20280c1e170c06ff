import { useCallback, useState, type JSX } from 'react';
import { useHub } from '../context.ts';
import { Choice } from '../filter/choice.tsx';
import { languageName, latency } from '../words.ts';
import { Chart, type Line } from './chart.tsx';
import { Gaps, Sources } from './sources.tsx';
import { TopList } from './top-list.tsx';
import { useTick } from './use-tick.ts';

const TICK_MS = 2000;
const TOP = 6;
const RATE_SECONDS = 10;
const WINDOWS = [
  ['60', '1 min'],
  ['300', '5 min'],
  ['900', '15 min'],
] as const;
const RATE_LINES: readonly Line[] = [{ label: 'posts', color: '--color-accent', isFilled: true }];
const DELAY_LINES: readonly Line[] = [
  { label: '95 of 100', color: '--color-line' },
  { label: 'median', color: '--color-accent' },
];

function Figure({ value, words }: { value: string; words: string }): JSX.Element {
  return (
    <p className="grid">
      <span className="text-3xl font-extrabold tracking-tight tabular-nums">{value}</span>
      <span className="text-sm text-muted">{words}</span>
    </p>
  );
}

/** What the feed is doing: how much, how fast, of what, from where. */
export function PulsePanel(): JSX.Element {
  const { pulse } = useHub();
  const [length, setLength] = useState('300');
  const seconds = Number(length);
  useTick(TICK_MS);
  const rateColumns = useCallback((): [number[], number[]] => {
    const [times, posts] = pulse.columns(seconds);
    return [times, posts];
  }, [pulse, seconds]);
  const delayColumns = useCallback((): [number[], (number | null)[], (number | null)[]] => {
    const [times, , median, most] = pulse.columns(seconds);
    return [times, most, median];
  }, [pulse, seconds]);
  const rate = pulse.rate(RATE_SECONDS);
  const delay = pulse.delay(60, 0.5);
  const most = pulse.delay(60, 0.95);
  const delayWords = delay === null ? '–' : latency(delay);
  return (
    <div className="grid gap-6">
      <Choice legend="Window" options={WINDOWS} value={length} onChange={setLength} />
      <section className="grid gap-2">
        <h3 className="sr-only">Posts a second</h3>
        <Figure value={rate < 10 ? rate.toFixed(1) : rate.toFixed(0)} words="posts a second" />
        <Chart
          lines={RATE_LINES}
          columns={rateColumns}
          format={String}
          words={`Posts a second: ${rate.toFixed(1)} now`}
        />
      </section>
      <section className="grid gap-2">
        <h3 className="sr-only">Delay</h3>
        <Figure
          value={delayWords}
          words={`from server to screen, the median${most === null ? '' : `; 95 of 100 within ${latency(most)}`}`}
        />
        <Chart
          lines={DELAY_LINES}
          columns={delayColumns}
          format={latency}
          words={`Time from server to screen: ${delayWords} in the median`}
        />
      </section>
      <TopList
        title="Hashtags"
        rows={pulse.top('hashtags', seconds, TOP)}
        words={(tag) => `#${tag}`}
        filter={(tag) => ({ hashtag: [tag] })}
      />
      <TopList
        title="Languages"
        rows={pulse.top('languages', seconds, TOP)}
        words={languageName}
        filter={(tag) => ({ language: [tag] })}
      />
      <TopList
        title="Servers"
        rows={pulse.top('servers', seconds, TOP)}
        words={(host) => host}
        filter={(host) => ({ instance: [host] })}
      />
      <Sources />
      <Gaps />
    </div>
  );
}
