import type { Cursor, FeedEventType, Post, PostRemoval } from '@hub/contracts';
import type { FeedEntry } from '@hub/storage';

const LEADING_ID = /^\{"id":"([^"\\]+)"/;

/** A change of the feed on its way to many readers. Its JSON is parsed when somebody asks, and once for all who ask together. */
export class FeedItem {
  readonly cursor: Cursor;
  readonly type: FeedEventType;
  /** JSON of the event's `data`. */
  readonly json: string;
  /** When it came into this process: performance.now(). */
  readonly since = performance.now();
  /** Its post is deleted: its words go to nobody any more. */
  isForgotten = false;
  #post: WeakRef<Post> | undefined;
  #removal: { cursor: Cursor; type: 'delete'; json: string } | undefined;

  constructor({ cursor, type, json }: FeedEntry) {
    this.cursor = cursor;
    this.type = type;
    this.json = json;
  }

  /** The data of a `post` or an `edit`. Held weakly: the text is what stays in memory. */
  get post(): Post {
    const held = this.#post?.deref();
    if (held !== undefined) return held;
    const post = JSON.parse(this.json) as Post;
    this.#post = new WeakRef(post);
    return post;
  }

  /** A `post` or `edit` as those get it whose filter does not accept it any more. Made once for all of them. */
  get removal(): { cursor: Cursor; type: 'delete'; json: string } {
    if (this.#removal !== undefined) return this.#removal;
    const { id, uri } = this.post;
    this.#removal = { cursor: this.cursor, type: 'delete', json: JSON.stringify({ id, uri } satisfies PostRemoval) };
    return this.#removal;
  }

  /** The post that a `post`, `edit` or `delete` is about; none for a gap. */
  get postId(): string | undefined {
    if (this.type === 'gap') return undefined;
    // Most stand where stores write them: the whole need not be parsed for that.
    return LEADING_ID.exec(this.json)?.[1] ?? (JSON.parse(this.json) as { id: string }).id;
  }
}
