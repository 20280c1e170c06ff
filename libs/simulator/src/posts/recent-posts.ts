import type { Random } from '../random.ts';
import type { Post } from './post.ts';

const TRIES = 25;

/** The last posts made, to reply to, boost, edit and delete: chosen by order of arrival alone, so that a seed repeats. */
export class RecentPosts {
  private readonly size: number;
  private readonly ring: Post[] = [];
  private next = 0;

  constructor(size: number) {
    this.size = size;
  }

  add(post: Post): void {
    this.ring[this.next] = post;
    this.next = (this.next + 1) % this.size;
  }

  /** A post that is still there and fits; none when several tries found none. */
  pick(random: Random, fits: (post: Post) => boolean): Post | undefined {
    for (let tries = 0; tries < TRIES && this.ring.length > 0; tries += 1) {
      const post = random.pick(this.ring);
      if (!post.removed && fits(post)) return post;
    }
    return undefined;
  }
}
