import { time, text } from '../mastodon/json.ts';
import type { StreamName } from '../options.ts';
import { aborted } from '../pause.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { Lane } from './lane.ts';
import type { ServerApi, Status } from './server-api.ts';

const PAGE = 40;
/** 10,000 posts: what the usual rate limit allows in five minutes, with some left. */
const MAX_PAGES = 250;

export interface Hole {
  api: ServerApi;
  stream: StreamName;
  lane: Lane;
  checkpoint: Checkpoint;
  /** Ids that came live since the connection. */
  live: ReadonlySet<string>;
}

/** closed: reaches what came live. Others: why it does not. */
export type CatchUpResult = 'closed' | 'too_long' | 'not_paged' | 'stopped';

/**
 * Reads what was missed, oldest first, a page at a time, each acknowledged before the next is asked for. Rejects with
 * ServerApiError if the server refuses; called again it goes on where it was.
 */
export async function catchUp(
  { api, stream, lane, checkpoint, live }: Hole,
  signal: AbortSignal,
): Promise<CatchUpResult> {
  let after = checkpoint.start;
  // What is newer than this comes live. That a post came live is no sign of it: late ones stand anywhere in the hole.
  const [head] = await api.timeline(stream, undefined, 1, signal);
  if (head === undefined) return 'closed';
  let reached = false;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const statuses = await api.timeline(stream, after, PAGE, signal);
    const newest = statuses.at(-1);
    if (newest === undefined) return 'closed';
    // A server that knows no min_id gives its newest page again and again.
    if (statuses.some((status) => text(status, 'id') === after)) return 'not_paged';
    await Promise.race([acknowledgePage(statuses, lane, checkpoint), aborted(signal)]);
    if (signal.aborted) return 'stopped';
    if (reached || isAllLive(statuses, live)) return 'closed';
    after = text(newest, 'id');
    // One more page: it shows whether the server pages at all, and late posts.
    reached = statuses.some((status) => text(status, 'id') === text(head, 'id'));
  }
  return 'too_long';
}

async function acknowledgePage(statuses: readonly Status[], lane: Lane, checkpoint: Checkpoint): Promise<void> {
  await Promise.all(
    statuses.map(async (status) => {
      const id = text(status, 'id');
      await lane.emit({ kind: 'created', id, status }, 'backfill');
      checkpoint.filled(id, createdAt(status));
    }),
  );
}

function createdAt(status: Status): number {
  return Math.min(time(status, 'created_at')?.getTime() ?? 0, Date.now());
}

/** The end of the timeline, even if its head of before is deleted by now. */
function isAllLive(statuses: readonly Status[], live: ReadonlySet<string>): boolean {
  return statuses.length < PAGE && statuses.every((status) => live.has(text(status, 'id')));
}
