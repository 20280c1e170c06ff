import type { Cursor, FeedEventType, Post, PostRemoval } from '@hub/contracts';
import type { FeedEntry } from '@hub/storage';
import type { EventBytes } from './view.ts';

const LEADING_ID = /^\{"id":"([^"\\]+)"/;
/** Enough of the JSON for the id at its beginning. */
const HEAD_BYTES = 64;
/** Within a text its quotes would be escaped. */
const OBSERVED_AT = Buffer.from('"observed_at":"');
const TIME_BYTES = '2026-11-01T12:00:00.000Z'.length;

let items = 0;

/** A change of the feed on its way to many readers. Its JSON is parsed when somebody asks, and once for all who ask together. */
export class FeedItem {
  /** Of this process; no other has it. */
  readonly number = ++items;
  readonly cursor: Cursor;
  readonly type: FeedEventType;
  /** JSON of the event's `data` in UTF-8, as it goes out: nobody encodes it again. */
  readonly json: Buffer;
  /** The post that a `post`, `edit` or `delete` is about; none for a gap. */
  readonly postId: string | undefined;
  /** When it came into this process: performance.now(). */
  readonly since = performance.now();
  /** Its post is deleted: its words go to nobody any more. */
  isForgotten = false;
  #post: WeakRef<Post> | undefined;
  #removal: EventBytes | undefined;

  constructor({ cursor, type, json }: FeedEntry) {
    this.cursor = cursor;
    this.type = type;
    this.json = Buffer.from(json);
    this.postId = type === 'gap' ? undefined : (this.#leadingId() ?? (JSON.parse(json) as { id: string }).id);
  }

  /**
   * Most ids stand where stores write them: the whole need not be parsed for that. Read from bytes, because a piece of a
   * string keeps the whole string in memory.
   */
  #leadingId(): string | undefined {
    return LEADING_ID.exec(this.json.toString('latin1', 0, HEAD_BYTES))?.[1];
  }

  /** When the hub first saw this version of a post, in milliseconds since 1970; NaN if it does not say so. Nothing is parsed. */
  get observedAt(): number {
    const at = this.json.lastIndexOf(OBSERVED_AT);
    const from = at + OBSERVED_AT.length;
    return at < 0 ? NaN : Date.parse(this.json.toString('latin1', from, from + TIME_BYTES));
  }

  /** The data of a `post` or an `edit`. Held weakly: the text is what stays in memory. */
  get post(): Post {
    const held = this.#post?.deref();
    if (held !== undefined) return held;
    const post = JSON.parse(this.json.toString()) as Post;
    this.#post = new WeakRef(post);
    return post;
  }

  /** A `post` or `edit` as those get it whose filter does not accept it any more. Made once for all of them. */
  get removal(): EventBytes {
    if (this.#removal !== undefined) return this.#removal;
    const { id, uri } = this.post;
    const json = Buffer.from(JSON.stringify({ id, uri } satisfies PostRemoval));
    this.#removal = { cursor: this.cursor, type: 'delete', json };
    return this.#removal;
  }
}
