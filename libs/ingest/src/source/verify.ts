import { Logger } from '@nestjs/common';
import type { ObservedPost, SourceIndex } from '@hub/storage';
import { text, time } from '../mastodon/json.ts';
import type { Clock } from '../clock.ts';
import type { Lane } from './lane.ts';
import { ServerApiError, type ServerApi, type Status } from './server-api.ts';

/** The most that Mastodon takes. */
const BATCH = 20;
const MAX_POSTS = 5000;
/** Milliseconds. */
interface Pace {
  /** Before each round: later ones see what was still on its way to the store. */
  rounds: readonly number[];
  /** Between the two looks that it takes to call a post gone. */
  secondLookMs: number;
}
const PACE: Pace = { rounds: [0, 5000, 30_000, 120_000], secondLookMs: 3000 };
/** A server that knows none of so many posts is not the one they were read from, or is broken. */
const SUSPICIOUS = 40;

export interface Verification {
  api: ServerApi;
  index: SourceIndex;
  source: string;
  lane: Lane;
  /** When the stream was live again, milliseconds since 1970: later versions came over it. */
  since: number;
  clock: Clock;
}

/** Looks again at the newest stored posts of a source, for deletions and edits that were missed while it was away. */
export async function verify(task: Verification, signal: AbortSignal, pace = PACE): Promise<void> {
  const seen = new Set<string>();
  const look = new Lookup(task.api);
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
    for (const { localId } of gone) void task.lane.emit({ kind: 'deleted', id: localId }, 'verify');
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
  look: Lookup,
  posts: readonly ObservedPost[],
  signal: AbortSignal,
): Promise<ObservedPost[]> {
  const absent: ObservedPost[] = [];
  for (let from = 0; from < posts.length && !signal.aborted; from += BATCH) {
    absent.push(...(await missingOf(task, look, posts.slice(from, from + BATCH), signal)));
  }
  return absent;
}

async function missingOf(
  task: Verification,
  look: Lookup,
  posts: ObservedPost[],
  signal: AbortSignal,
): Promise<ObservedPost[]> {
  const found = await look.statuses(
    posts.map(({ localId }) => localId),
    signal,
  );
  for (const { localId, at } of posts) {
    const status = found.get(localId);
    if (status !== undefined && (time(status, 'edited_at')?.getTime() ?? 0) > at) {
      void task.lane.emit({ kind: 'edited', id: localId, status }, 'verify');
    }
  }
  return posts.filter(({ localId }) => !found.has(localId));
}

/** Finds posts by id: many at once, or one by one where the server cannot (GoToSocial, older Mastodon). */
class Lookup {
  readonly #api: ServerApi;
  #batches = true;

  constructor(api: ServerApi) {
    this.#api = api;
  }

  async statuses(ids: readonly string[], signal: AbortSignal): Promise<Map<string, Status>> {
    if (this.#batches) {
      try {
        return byId(await this.#api.statuses(ids, signal));
      } catch (error) {
        if (!(error instanceof ServerApiError) || !MISSING_ENDPOINT.has(error.status)) throw error;
        this.#batches = false;
      }
    }
    const found: Status[] = [];
    for (const id of ids) {
      const status = await this.#api.status(id, signal);
      if (status !== undefined) found.push(status);
    }
    return byId(found);
  }
}

/** How servers say that they have no such endpoint. */
const MISSING_ENDPOINT = new Set([400, 404, 405, 422, 501]);

function byId(statuses: readonly Status[]): Map<string, Status> {
  return new Map(statuses.map((status) => [text(status, 'id'), status]));
}
