import { createHash } from 'node:crypto';
import { type Account, type Status, versionOf } from '../entities.ts';
import type { Post } from '../posts/post.ts';
import type { PostStore } from '../posts/post-store.ts';
import { limitsOf, limitsOfPost } from './consent.ts';
import type { GroundTruth, TruthDeletion, TruthEvent, TruthEvents, TruthHidden, TruthPost } from './truth.ts';

/** Remembers what happened, and tells what is so. */
export class TruthLog {
  private readonly store: PostStore;
  private readonly capacity: number;
  private readonly deleted = new Map<string, TruthDeletion>();
  private readonly hidden = new Map<string, TruthHidden>();
  private readonly authors = new Map<string, Account>();
  private events: TruthEvent[] = [];
  private sequence = 0;

  /** @param capacity how many events are remembered at least, and twice as many at most; deletions and hidden posts: so many each */
  constructor(store: PostStore, capacity: number) {
    this.store = store;
    this.capacity = capacity;
  }

  /** @param at ms since 1970 */
  append(event: TruthEvent['event'], post: Post, at: number, streamed: boolean): TruthEvent {
    const { id, uri, visibility, account } = post.status;
    this.sequence += 1;
    const entry: TruthEvent = {
      sequence: this.sequence,
      at: new Date(at).toISOString(),
      event,
      id,
      uri,
      visibility,
      version: versionOf(post.status),
      streamed,
    };
    this.events.push(entry);
    if (this.events.length > this.capacity * 2) this.events = this.events.slice(-this.capacity);
    this.authors.set(account.acct, account);
    if (event === 'delete') this.remember(this.deleted, { id, uri, visibility });
    if (post.marker !== null)
      this.remember(this.hidden, { id, uri, visibility, marker: post.marker, leaked: post.leaked });
    return entry;
  }

  /** Events after a sequence, oldest first. */
  after(sequence: number, limit: number): TruthEvents {
    const oldest = this.events[0]?.sequence ?? this.sequence + 1;
    const start = Math.max(0, sequence + 1 - oldest);
    return { events: this.events.slice(start, start + limit), oldest };
  }

  truth(full: boolean): GroundTruth {
    const consent = [...this.authors].map(([author, account]) => ({ author, limits: limitsOf(account) }));
    return {
      sequence: this.sequence,
      evicted: this.store.evicted,
      posts: this.posts(full),
      deleted: [...this.deleted.values()],
      hidden: [...this.hidden.values()],
      consent: consent.filter(({ limits }) => limits.length > 0),
    };
  }

  /** Keeps the newest. */
  private remember<T extends { id: string }>(entries: Map<string, T>, entry: T): void {
    entries.set(entry.id, entry);
    const [oldest] = entries.keys();
    if (entries.size > this.capacity && oldest !== undefined) entries.delete(oldest);
  }

  private posts(full: boolean): TruthPost[] {
    const posts: TruthPost[] = [];
    for (const { status } of this.store.all()) {
      if (status.visibility === 'public') posts.push(describe(status, full));
    }
    return posts;
  }
}

function describe(status: Status, full: boolean): TruthPost {
  const { spoiler_text, content } = status.reblog ?? status;
  return {
    id: status.id,
    uri: status.uri,
    version: versionOf(status),
    author: status.account.acct,
    consent: limitsOfPost(status),
    contentHash: createHash('sha256').update(`${spoiler_text}\n${content}`).digest('hex'),
    ...(full ? { status } : {}),
  };
}
