import type { Clock } from '../clock.ts';
import { time, text } from '../mastodon/json.ts';
import type { StreamName } from '../options.ts';
import { aborted } from '../pause.ts';
import type { Lane } from './lane.ts';
import type { ServerApi, Status, Urgency } from './server-api.ts';

const PAGE = 40;
/** 10,000 posts: what the usual rate limit allows in five minutes, with some left. */
const MAX_PAGES = 250;

/** How far a hole is closed. */
export interface Progress {
  /** The id of the post to go on after. */
  readonly start: string | undefined;
  /** This post was acknowledged, and all before it. `at` in milliseconds since 1970. */
  filled(id: string, at: number): void;
}

export interface Hole {
  api: ServerApi;
  stream: StreamName;
  lane: Lane;
  checkpoint: Progress;
  /** Where it ends. */
  end: End;
  clock: Clock;
}

/** live: where the stream goes on; these ids came over it. before: with posts that were created after it, in ms since 1970. */
export type End = { live: ReadonlySet<string> } | { before: number };

/** closed: reaches the end. Others: why it does not. */
export type CatchUpResult = 'closed' | 'too_long' | 'not_paged' | 'stopped';

/**
 * Reads what was missed, oldest first, a page at a time, each acknowledged before the next is asked for. Rejects with
 * ServerApiError if the server refuses; called again it goes on where it was.
 */
export async function catchUp(hole: Hole, signal: AbortSignal): Promise<CatchUpResult> {
  const { api, stream, checkpoint, end } = hole;
  let after = checkpoint.start;
  const urgency: Urgency = 'live' in end ? 'urgent' : 'background';
  const isEnd = 'live' in end ? await endOfLive(api, stream, end.live, signal) : endBefore(end.before);
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const statuses = await api.timeline(stream, after, PAGE, signal, urgency);
    const newest = statuses.at(-1);
    if (newest === undefined) return 'closed';
    // A server that knows no min_id gives its newest page again and again.
    if (statuses.some((status) => text(status, 'id') === after)) return 'not_paged';
    await Promise.race([acknowledgePage(statuses, hole), aborted(signal)]);
    if (signal.aborted) return 'stopped';
    if (isEnd(statuses)) return 'closed';
    after = text(newest, 'id');
  }
  return 'too_long';
}

type IsEnd = (page: readonly Status[]) => boolean;

/**
 * What is newer than the head of now comes live. That a post came live is no sign of it: late ones stand anywhere in
 * the hole. One more page is read: it shows whether the server pages at all, and late posts.
 */
async function endOfLive(
  api: ServerApi,
  stream: StreamName,
  live: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<IsEnd> {
  const [head] = await api.timeline(stream, undefined, 1, signal);
  let reached = head === undefined;
  return (statuses) => {
    if (reached || isAllLive(statuses, live)) return true;
    reached = statuses.some((status) => text(status, 'id') === text(head ?? {}, 'id'));
    return false;
  };
}

/** Whether timelines go by creation or by arrival: after a page of later posts there are only later ones. */
function endBefore(before: number): IsEnd {
  return (statuses) => statuses.every((status) => createdAt(status) > before);
}

async function acknowledgePage(statuses: readonly Status[], { lane, checkpoint, clock }: Hole): Promise<void> {
  await Promise.all(
    statuses.map(async (status) => {
      const id = text(status, 'id');
      await lane.emit({ kind: 'created', id, status }, 'backfill');
      checkpoint.filled(id, Math.min(createdAt(status), clock.now()));
    }),
  );
}

function createdAt(status: Status): number {
  return time(status, 'created_at')?.getTime() ?? 0;
}

/** The end of the timeline, even if its head of before is deleted by now. */
function isAllLive(statuses: readonly Status[], live: ReadonlySet<string>): boolean {
  return statuses.length < PAGE && statuses.every((status) => live.has(text(status, 'id')));
}
