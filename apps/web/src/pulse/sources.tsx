import type { Gap } from '@hub/client';
import { useEffect, useState, type JSX } from 'react';
import { authorization } from '../access/token.ts';
import { useFeed, useHub } from '../context.ts';
import { age } from '../post/age.ts';
import { count, inWords } from '../words.ts';
import { useSourceStates, type SourceState } from './source-states.ts';

const QUIET_MS = 120_000;
const GAPS = 5;
const KNOWN = 20;

/** Said instead of the number of posts; of `live` there is nothing to say. */
const STATES: Record<string, string> = {
  connecting: 'connecting',
  backfilling: 'catching up',
  waiting: 'trying again',
  refused: 'refused',
  stopped: 'stopped',
};
const WELL = new Set(['live', 'backfilling']);

const REASONS: Record<string, string> = {
  disconnected: 'the connection was lost',
  restarted: 'the hub was restarted',
  backfill_incomplete: 'the server gave back only a part',
  overloaded: 'more came than could be taken in',
};

/** The servers that the hub reads: as it says itself, else by what came from them. */
export function Sources(): JSX.Element {
  const states = useSourceStates();
  return (
    <section>
      <h3 className="mb-2 text-sm font-bold">Sources</h3>
      {states === undefined ? <Seen /> : <Read states={states} />}
    </section>
  );
}

function Read({ states }: { states: readonly SourceState[] }): JSX.Element {
  const { pulse } = useHub();
  return (
    <ul className="grid gap-1.5 text-sm">
      {states.map(({ source, stream, state, capability, means }) => {
        const isWell = WELL.has(state) && capability === 'ok';
        const words = STATES[state] ?? `${count(pulse.sources.get(source)?.posts ?? 0)} posts`;
        return (
          <li key={`${source} ${stream}`}>
            <Row host={stream === 'public' ? source : `${source} ${stream}`} isWell={isWell} words={words} />
            {!isWell && <p className="ms-4.5 text-muted">{means}</p>}
          </li>
        );
      })}
    </ul>
  );
}

function Seen(): JSX.Element {
  const { pulse } = useHub();
  const now = Date.now();
  const sources = [...pulse.sources.values()].sort((a, b) => b.posts - a.posts);
  if (sources.length === 0) {
    return <p className="text-sm text-muted">Nothing has come from a server since this page was opened.</p>;
  }
  return (
    <ul className="grid gap-1.5 text-sm">
      {sources.map(({ host, posts, lastSeen }) => {
        const isQuiet = now - lastSeen > QUIET_MS;
        const words = isQuiet ? `quiet for ${inWords(now - lastSeen)}` : `${count(posts)} posts`;
        return (
          <li key={host}>
            <Row host={host} isWell={!isQuiet} words={words} />
          </li>
        );
      })}
    </ul>
  );
}

function Row({ host, isWell, words }: { host: string; isWell: boolean; words: string }): JSX.Element {
  return (
    <div className="flex items-center gap-2.5">
      <span aria-hidden="true" className={`size-2 rounded-full ${isWell ? 'bg-accent' : 'bg-sun'}`} />
      <span className="truncate font-semibold">{host}</span>
      <span className="ms-auto whitespace-nowrap text-muted tabular-nums">{words}</span>
    </div>
  );
}

/** Gaps that are still open, the newest first; of each what was told last counts. */
function openGaps(told: readonly Gap[]): Gap[] {
  const last = new Map(told.map((gap) => [`${gap.source} ${gap.stream} ${gap.from}`, gap]));
  return [...last.values()].filter(({ closed_at: closedAt }) => closedAt === undefined).toReversed();
}

/** What was not read: those of the feed, and those that the hub knew when the page was opened. */
export function Gaps(): JSX.Element {
  const fresh = useFeed(({ gaps }) => gaps);
  const [known, setKnown] = useState<readonly Gap[]>();
  useEffect(() => {
    const load = async () => {
      const answer = await fetch(`./api/v1/gaps?limit=${KNOWN}`, { headers: authorization() });
      if (answer.ok) setKnown(((await answer.json()) as { gaps: Gap[] }).gaps);
    };
    load().catch(() => setKnown(undefined));
  }, []);
  const gaps = openGaps([...(known ?? []).toReversed(), ...fresh.toReversed()]).slice(0, GAPS);
  return (
    <section>
      <h3 className="mb-2 text-sm font-bold">Gaps</h3>
      {gaps.length === 0 && (
        <p className="text-sm text-muted">
          {known === undefined ? 'The hub was not asked yet.' : 'None: all that the servers sent was read.'}
        </p>
      )}
      <ul className="grid gap-2 text-sm">
        {gaps.map(({ source, from, to, reason }) => (
          <li key={`${source}${from}${reason}`} className="border-s-3 border-sun ps-3">
            <span className="font-semibold">{inWords(Date.parse(to) - Date.parse(from))}</span> of {source},{' '}
            {age(Date.parse(to), Date.now())}
            <span className="text-muted"> ({REASONS[reason] ?? reason})</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
