import { useState, type JSX } from 'react';
import { useHub } from '../context.ts';
import { Choice } from '../filter/choice.tsx';
import { languageName } from '../words.ts';
import { Delay, Rate } from './figures.tsx';
import { Gaps, Sources } from './sources.tsx';
import { TopList } from './top-list.tsx';
import { useTick } from './use-tick.ts';

const TICK_MS = 2000;
const TOP = 6;
const WINDOWS = [
  ['60', '1 min'],
  ['300', '5 min'],
  ['900', '15 min'],
] as const;

/** What the feed is doing: how much, how fast, of what, from where. */
export function PulsePanel(): JSX.Element {
  const { pulse } = useHub();
  const [length, setLength] = useState('60');
  const seconds = Number(length);
  useTick(TICK_MS);
  return (
    <div className="grid gap-6">
      <Choice legend="Over the last" options={WINDOWS} value={length} onChange={setLength} />
      <Rate seconds={seconds} />
      <Delay seconds={seconds} />
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
