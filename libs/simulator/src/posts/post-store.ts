import { compareIds } from '../ids.ts';
import { type Post, visible } from './post.ts';

/** Mastodon's paging parameters: ids that bound the page, themselves left out. */
export interface PageQuery {
  max_id?: string;
  since_id?: string;
  min_id?: string;
  limit: number;
}

/** Below this many removed entries the timeline is not worth cleaning. */
const CLEAN_FROM = 1_000;

/** The server's posts, the newest `capacity` of them by arrival, and the public timeline in order of ids. */
export class PostStore {
  private readonly capacity: number;
  private readonly posts = new Map<string, Post>();
  private timeline: Post[] = [];
  private stale = 0;
  /** How many posts were forgotten to keep within the capacity. */
  evicted = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  add(post: Post): void {
    this.posts.set(post.status.id, post);
    if (visible(post)) this.timeline.splice(this.after(post.status.id), 0, post);
    if (this.posts.size > this.capacity) this.evictOldest();
  }

  get(id: string): Post | undefined {
    return this.posts.get(id);
  }

  remove(post: Post): void {
    if (!this.posts.delete(post.status.id)) return;
    post.removed = true;
    this.stale += 1;
    if (this.stale > CLEAN_FROM && this.stale * 4 > this.timeline.length) this.clean();
  }

  /** In order of arrival. */
  all(): Iterable<Post> {
    return this.posts.values();
  }

  /** Newest first. With `min_id` the page right above it, otherwise the newest page that the bounds allow. */
  page(query: PageQuery, wanted: (post: Post) => boolean): Post[] {
    return query.min_id === undefined ? this.newest(query, wanted) : this.justAbove(query.min_id, query, wanted);
  }

  private newest({ max_id, since_id, limit }: PageQuery, wanted: (post: Post) => boolean): Post[] {
    const found: Post[] = [];
    const start = max_id === undefined ? this.timeline.length : this.from(max_id);
    for (let at = start - 1; at >= 0 && found.length < limit; at -= 1) {
      const post = this.timeline[at];
      if (post === undefined || (since_id !== undefined && compareIds(post.status.id, since_id) <= 0)) break;
      if (!post.removed && wanted(post)) found.push(post);
    }
    return found;
  }

  private justAbove(minId: string, { max_id, limit }: PageQuery, wanted: (post: Post) => boolean): Post[] {
    const found: Post[] = [];
    for (let at = this.after(minId); at < this.timeline.length && found.length < limit; at += 1) {
      const post = this.timeline[at];
      if (post === undefined || (max_id !== undefined && compareIds(post.status.id, max_id) >= 0)) break;
      if (!post.removed && wanted(post)) found.push(post);
    }
    return found.toReversed();
  }

  /** Index of the first post whose id is not below `id`. */
  private from(id: string): number {
    let low = 0;
    let high = this.timeline.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const post = this.timeline[middle];
      if (post !== undefined && compareIds(post.status.id, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the first post whose id is above `id`. */
  private after(id: string): number {
    const at = this.from(id);
    return this.timeline[at]?.status.id === id ? at + 1 : at;
  }

  private evictOldest(): void {
    const oldest = this.posts.values().next().value;
    if (oldest === undefined) return;
    this.evicted += 1;
    this.remove(oldest);
  }

  private clean(): void {
    this.timeline = this.timeline.filter((post) => !post.removed);
    this.stale = 0;
  }
}
