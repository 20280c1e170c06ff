import type { Cursor, FeedEvent, Gap } from './feed.ts';
import type { Filter } from './filter.ts';
import type { Post } from './post.ts';
import type { WireError } from './errors.ts';

/** The answer to a request: the result's fields, or a typed error. */
export type Ack<T> = (answer: ({ ok: true } & T) | { ok: false; error: WireError }) => void;

/**
 * Events of a post, in the order of the store, each with the position after it. The frame's own `cursor` may be further:
 * the filter passed over what lies between. Without events it says only that.
 */
export interface PostsFrame {
  cursor: Cursor;
  events: (Exclude<FeedEvent, { type: 'gap' }> & { cursor: Cursor })[];
}

export interface SubscribeRequest {
  /** None: every post. */
  filter?: Filter;
  /** Where to go on: all later changes follow, then live. None: live from now. */
  cursor?: Cursor;
}

export interface HistoryRequest {
  filter?: Filter;
  /** The `before` of an earlier answer. */
  before?: string;
  /** 1 to 100; 40 unless told. */
  limit?: number;
}

export interface HistoryPage {
  /** Newest first. */
  posts: Post[];
  /** Where the next older page starts; null at the end. */
  before: string | null;
  /** Position of the feed at which the page was read: subscribe from it to go on without a gap. */
  cursor: Cursor;
}

/** What a Socket.IO client may send. */
export interface ClientToServerEvents {
  subscribe: (request: SubscribeRequest, ack: Ack<{ cursor: Cursor }>) => void;
  'update-filter': (request: { filter: Filter }, ack: Ack<{ cursor: Cursor }>) => void;
  history: (request: HistoryRequest, ack: Ack<HistoryPage>) => void;
}

/** What a Socket.IO client gets. */
export interface ServerToClientEvents {
  posts: (frame: PostsFrame) => void;
  gap: (gap: Gap & { cursor: Cursor }) => void;
  /** How far the client is behind, in events of the feed. */
  lagging: (state: { behind: number; cursor: Cursor }) => void;
  error: (error: WireError) => void;
}
