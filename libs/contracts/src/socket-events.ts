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
  /** Frames may come compressed: see SubscribeAnswer. */
  compress?: boolean;
}

export interface SubscribeAnswer {
  /** Where the feed begins. */
  cursor: Cursor;
  /**
   * Given to who asked for compressed frames. From now on a binary message is a Socket.IO packet's text (`2["posts",…]`)
   * in UTF-8, compressed by raw deflate (RFC 1951) with the UTF-8 bytes of this text as the preset dictionary. Frames that are
   * not worth it still come as they are.
   */
  dictionary?: string;
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
  subscribe: (request: SubscribeRequest, ack: Ack<SubscribeAnswer>) => void;
  'update-filter': (request: { filter: Filter }, ack: Ack<{ cursor: Cursor }>) => void;
  history: (request: HistoryRequest, ack: Ack<HistoryPage>) => void;
}

/** What a Socket.IO client gets. */
export interface ServerToClientEvents {
  posts: (frame: PostsFrame) => void;
  gap: (gap: Gap & { cursor: Cursor }) => void;
  /** How far the client is behind, in events of the feed. */
  lagging: (state: { behind: number; cursor: Cursor }) => void;
  /** The past is read for a limited number of clients at once: so many are before this one. */
  waiting: (state: { ahead: number }) => void;
  error: (error: WireError) => void;
}
