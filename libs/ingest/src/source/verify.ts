import { Logger } from '@nestjs/common';
import type { ObservedPost, SourceIndex } from '@hub/storage';
import type { Clock } from '../clock.ts';
import { time } from '../mastodon/json.ts';
import { askAgain, type Retry } from './ask-again.ts';
import { HOLE_PACE } from './close-hole.ts';
import type { Deletions } from './deletions.ts';
import type { Lane } from './lane.ts';
import { Lookup, MAX_IDS } from './lookup.ts';
import type { ServerApi } from './server-api.ts';

const MAX_POSTS = 5000;
/** Milliseconds. */
interface Pace {
  /** Before each round: later ones see what was still on its way to the store. */
  rounds: readonly number[];
  /** Between the two looks that it takes to call a post gone. */
  secondLookMs: number;
  /** For what the server cannot answer at present. */
  retry: Retry;
}
const PACE: Pace = { rounds: [0, 5000, 30_000, 120_000], secondLookMs: 3000, retry: HOLE_PACE.retry };
/** A server that knows none of so many posts is not the one they were read from, or is broken. */
const SUSPICIOUS = 40;

export interface Verification {
  api: ServerApi;
  index: Pick<SourceIndex, 'observed'>;
  source: string;
  lane: Lane;
  deletions: Pick<Deletions, 'take'>;
  /** When the stream was live again, milliseconds since 1970: later versions came over it. */
  since: number;
  clock: Clock;
}

/** Those of so many ids that are there; asked for patiently. */
type Look = (ids: readonly string[]) => ReturnType<Lookup['statuses']>;

/** Looks again at the newest stored posts of a source, for deletions and edits that were missed while it was away. */
export async function verify(task: Verification, signal: AbortSignal, pace = PACE): Promise<void> {
  const seen = new Set<string>();
  const lookup = new Lookup(task.api);
  const { clock } = task;
  // One answer that fails must not leave all the others unasked.
  const look: Look = (ids) => askAgain(() => lookup.statuses(ids, signal), { clock, retry: pace.retry, signal });
  for (const wait of pace.rounds) {
    await task.clock.pause(wait, signal);
    if (signal.aborted) return;
    const stored = await task.index.observed(task.source, MAX_POSTS);
    const posts = stored.filter((post) => post.at <= task.since && !seen.has(post.localId));
    for (const post of posts) seen.add(post.localId);
    const absent = await missing(task, look, posts, signal);
    if (absent.length === 0 || !isCredible(task.source, absent.length, posts.length)) continue;
    await task.clock.pause(pace.secondLookMs, signal);
    const gone = await missing(task, look, absent, signal);
    if (signal.aborted) return;
    for (const { localId } of gone) task.deletions.take(localId, 'verify', signal);
  }
}

function isCredible(source: string, absent: number, asked: number): boolean {
  if (absent < asked || asked < SUSPICIOUS) return true;
  const words = `${source} knows none of ${asked} posts that were read from it: no deletions are concluded.`;
  new Logger('Ingest').warn(words);
  return false;
}

/** Those that are not there; sends the edits of the others. */
async function missing(
  task: Verification,
  look: Look,
  posts: readonly ObservedPost[],
  signal: AbortSignal,
): Promise<ObservedPost[]> {
  const absent: ObservedPost[] = [];
  for (let from = 0; from < posts.length && !signal.aborted; from += MAX_IDS) {
    absent.push(...(await missingOf(task, look, posts.slice(from, from + MAX_IDS))));
  }
  return absent;
}

async function missingOf(task: Verification, look: Look, posts: ObservedPost[]): Promise<ObservedPost[]> {
  const ids = posts.map(({ localId }) => localId);
  const found = await look(ids);
  for (const { localId, at } of posts) {
    const status = found.get(localId);
    if (status !== undefined && (time(status, 'edited_at')?.getTime() ?? 0) > at) {
      void task.lane.emit({ kind: 'edited', id: localId, status }, 'verify');
    }
  }
  return posts.filter(({ localId }) => !found.has(localId));
}
