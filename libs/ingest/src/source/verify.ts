import { Logger } from '@nestjs/common';
import type { ObservedPost, SourceIndex } from '@hub/storage';
import { backoff } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { time } from '../mastodon/json.ts';
import { HOLE_PACE } from './close-hole.ts';
import type { Deletions } from './deletions.ts';
import type { Lane } from './lane.ts';
import { Lookup, MAX_IDS } from './lookup.ts';
import { isRefusal, ServerApiError, type ServerApi, type Status } from './server-api.ts';

const MAX_POSTS = 5000;
/** Milliseconds. */
interface Pace {
  /** Before each round: later ones see what was still on its way to the store. */
  rounds: readonly number[];
  /** Between the two looks that it takes to call a post gone. */
  secondLookMs: number;
  /** For what the server cannot answer at present. */
  retry: { base: number; cap: number; patience: number };
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

/** Looks again at the newest stored posts of a source, for deletions and edits that were missed while it was away. */
export async function verify(task: Verification, signal: AbortSignal, pace = PACE): Promise<void> {
  const seen = new Set<string>();
  const look = new PatientLookup(task, pace.retry);
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
  look: PatientLookup,
  posts: readonly ObservedPost[],
  signal: AbortSignal,
): Promise<ObservedPost[]> {
  const absent: ObservedPost[] = [];
  for (let from = 0; from < posts.length && !signal.aborted; from += MAX_IDS) {
    absent.push(...(await missingOf(task, look, posts.slice(from, from + MAX_IDS), signal)));
  }
  return absent;
}

async function missingOf(
  task: Verification,
  look: PatientLookup,
  posts: ObservedPost[],
  signal: AbortSignal,
): Promise<ObservedPost[]> {
  const ids = posts.map(({ localId }) => localId);
  const found = await look.statuses(ids, signal);
  for (const { localId, at } of posts) {
    const status = found.get(localId);
    if (status !== undefined && (time(status, 'edited_at')?.getTime() ?? 0) > at) {
      void task.lane.emit({ kind: 'edited', id: localId, status }, 'verify');
    }
  }
  return posts.filter(({ localId }) => !found.has(localId));
}

/** Asks again for as long as that can help: one answer that fails must not leave all the others unasked. */
class PatientLookup {
  readonly #lookup: Lookup;
  readonly #clock: Clock;
  readonly #retry: Pace['retry'];

  constructor({ api, clock }: Verification, retry: Pace['retry']) {
    this.#lookup = new Lookup(api);
    this.#clock = clock;
    this.#retry = retry;
  }

  async statuses(ids: readonly string[], signal: AbortSignal): Promise<Map<string, Status>> {
    const deadline = this.#clock.now() + this.#retry.patience;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#lookup.statuses(ids, signal);
      } catch (error) {
        if (!(error instanceof ServerApiError) || isRefusal(error)) throw error;
        if (signal.aborted || this.#clock.now() > deadline) throw error;
        await this.#clock.pause(backoff(attempt, this.#retry), signal);
      }
    }
  }
}
