import type { HubEvent, Post } from '@hub/client';
import { withoutGone } from './without-gone.ts';

/** What the page holds at most, shown and waiting. */
export const MOST_HELD = 10_000;
/** What stays shown however much is waiting, so that a reader is not left with nothing. */
const LEAST_SHOWN = 200;

/** A place in the stored posts: what is older than the post `id` begins at `before`. */
interface Bookmark {
  id: string;
  before: string;
}

/**
 * The posts of one feed: those shown, the newest first, and those that wait until the reader wants them. Bounded: the
 * oldest shown are let go first; when the reader is among them, what would wait is not kept and the list is detached
 * from now.
 */
export class PostList {
  #shown: Post[] = [];
  #waiting: Post[] = [];
  #held = new Set<string>();
  #bookmarks: Bookmark[] = [];
  #before: string | null | undefined;
  /** How many of the shown posts the reader is within: these are not let go. */
  reading = 0;
  /** The top of what is shown is not joined to now any more. */
  isDetached = false;
  /** Counts what arrived, also when it could not be kept. */
  waiting = 0;

  get shown(): readonly Post[] {
    return this.#shown;
  }

  /** Where older stored posts begin; null: there are none; undefined: not known. */
  get before(): string | null | undefined {
    return this.#before;
  }

  /** Starts anew with a page of stored posts. */
  reset(posts: readonly Post[], before: string | null): void {
    this.#shown = [...posts];
    this.#waiting = [];
    this.#held = new Set(posts.map(({ id }) => id));
    this.#bookmarks = [];
    this.#before = before;
    this.isDetached = false;
    this.waiting = 0;
    this.reading = 0;
  }

  /** Takes in what happened, in its order. Edits and deletions show at once, new posts wait. */
  apply(events: readonly HubEvent[]): void {
    const fresh = new Map<string, Post>();
    const edited = new Map<string, Post>();
    const gone = new Set<string>();
    for (const { type, data } of events) {
      if (type === 'gap') continue;
      if (type === 'delete') {
        fresh.delete(data.id);
        edited.delete(data.id);
        gone.add(data.id).add(data.uri);
      } else {
        gone.delete(data.id);
        gone.delete(data.uri);
        (this.#held.has(data.id) ? edited : fresh).set(data.id, data);
      }
    }
    if (edited.size > 0 || gone.size > 0) this.#change(edited, gone);
    if (fresh.size > 0) this.#arrive([...fresh.values()].toReversed());
  }

  /** Shows what waits. */
  reveal(): void {
    if (this.#waiting.length === 0) return;
    this.#shown = [...this.#waiting, ...this.#shown];
    this.#waiting = [];
    this.waiting = 0;
  }

  /** Older posts, below those shown. What is held already is left out. */
  append(posts: readonly Post[], before: string | null): void {
    const older = posts.filter(({ id }) => !this.#held.has(id));
    for (const { id } of older) this.#held.add(id);
    this.#shown = [...this.#shown, ...older];
    this.#before = before;
    const excess = this.#size - MOST_HELD;
    if (excess > 0) this.#detach(excess);
  }

  /** Remembers where stored posts older than the newest held one begin. */
  bookmark(before: string): void {
    const id = this.#waiting[0]?.id ?? this.#shown[0]?.id;
    if (id !== undefined) this.#bookmarks.push({ id, before });
  }

  get #size(): number {
    return this.#shown.length + this.#waiting.length;
  }

  #arrive(posts: Post[]): void {
    this.waiting += posts.length;
    if (this.isDetached) return;
    for (const { id } of posts) this.#held.add(id);
    this.#waiting = [...posts, ...this.#waiting];
    if (this.#size > MOST_HELD) this.#letOldestGo();
  }

  #change(edited: ReadonlyMap<string, Post>, gone: ReadonlySet<string>): void {
    const renew = (post: Post) => withoutGone(edited.get(post.id) ?? post, gone);
    const keep = (posts: Post[]) =>
      posts.flatMap((post) => {
        const renewed = renew(post);
        if (renewed === undefined) this.#held.delete(post.id);
        return renewed ?? [];
      });
    this.#shown = keep(this.#shown);
    const waiting = keep(this.#waiting);
    this.waiting -= this.#waiting.length - waiting.length;
    this.#waiting = waiting;
  }

  #letOldestGo(): void {
    const least = Math.max(LEAST_SHOWN, this.reading);
    const length = MOST_HELD - this.#waiting.length;
    if (length < least) return this.#detach(0);
    const places = new Map(this.#shown.slice(least, length).map(({ id }, i) => [id, least + i + 1]));
    this.#bookmarks = this.#bookmarks.filter(({ id }) => this.#held.has(id));
    // In the order of time: the first within is the oldest.
    const cut = this.#bookmarks.find(({ id }) => places.has(id));
    const keep = (cut && places.get(cut.id)) ?? length;
    for (const { id } of this.#shown.slice(keep)) this.#held.delete(id);
    this.#shown = this.#shown.slice(0, keep);
    this.#before = cut?.before;
  }

  /** Lets go what waits, and the newest `excess` of what is shown. */
  #detach(excess: number): void {
    for (const { id } of this.#waiting) this.#held.delete(id);
    for (const { id } of this.#shown.slice(0, excess)) this.#held.delete(id);
    this.#shown = this.#shown.slice(excess);
    this.#waiting = [];
    this.isDetached = true;
  }
}
