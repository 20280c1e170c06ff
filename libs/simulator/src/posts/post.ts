import type { Person } from '../content/people.ts';
import type { Status } from '../entities.ts';

/** A post as the server holds it. */
export interface Post {
  /** Changed in place by edits, so that boosts and quotes of it show its present state. */
  status: Status;
  /** None for posts that came from a corpus or from outside. */
  author: Person | null;
  /** A word found nowhere else, in the content of each post that is not public. */
  marker: string | null;
  /** Put on public streams although not public: an injected fault. */
  leaked: boolean;
  removed: boolean;
  /** Posts that go when this one goes. */
  boosts: Post[];
  /** Posts that quote this one. */
  quotes: Post[];
}

/** A post that nothing has happened to yet. */
export function asPost(status: Status, author: Person | null): Post {
  return { status, author, marker: null, leaked: false, removed: false, boosts: [], quotes: [] };
}

/** What anybody may see. */
export function visible(post: Post): boolean {
  return post.status.visibility === 'public' || post.leaked;
}

export function isLocal({ status }: Post): boolean {
  return !status.account.acct.includes('@');
}

export function hasMedia({ status }: Post): boolean {
  return status.media_attachments.length > 0;
}

export function hasTag({ status }: Post, name: string): boolean {
  return status.tags.some((tag) => tag.name === name);
}
