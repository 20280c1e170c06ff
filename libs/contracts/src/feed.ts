import type { Post } from './post.ts';

/** A position in the store's total order of changes. Opaque to clients; the same at every gateway of one store. */
export type Cursor = string;

/** A span of a source's stream that was not read, and could not be made up for then. One that is closed later is told again. */
export interface Gap {
  source: string;
  stream: string;
  /** ISO 8601. */
  from: string;
  to: string;
  /** A stable word: disconnected, restarted, backfill_incomplete, overloaded. */
  reason: string;
  /** When all of it was made up for after all, ISO 8601. Absent: it is open. */
  closed_at?: string;
}

/** A post that is gone: all that a reader needs to remove it, and nothing of what it said. */
export interface PostRemoval {
  id: string;
  uri: string;
}

/**
 * A change as readers get it. `edit` carries the whole post: a reader that does not hold it may insert it.
 * A `delete` may name a post that the reader never held.
 */
export type FeedEvent =
  | { type: 'post'; data: Post }
  | { type: 'edit'; data: Post }
  | { type: 'delete'; data: PostRemoval }
  | { type: 'gap'; data: Gap };

export type FeedEventType = FeedEvent['type'];
