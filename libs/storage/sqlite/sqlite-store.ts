import type { Cursor, Gap, Post } from '@hub/contracts';
import { DatabaseThread } from '@hub/sqlite';
import {
  timeOfId,
  type Change,
  type Checkpoints,
  type FeedBatch,
  type NamedPost,
  type ObservedPost,
  type Outcome,
  type Page,
  type PageRequest,
  type Store,
  type StoreCounts,
} from '@hub/storage';
import { CommitSignal } from './commit-signal.ts';
import { CursorCodec } from './cursor.ts';
import { FeedWatch } from './feed-watch.ts';
import { Retention } from './retention.ts';
import type { ReaderApi, StoreThreadOptions, WriterApi } from './store-api.ts';
import { upsertRow, type ChangeRow } from './stored-form.ts';

export interface SqliteStoreOptions {
  /** The database file; its folder is made if need be. */
  path: string;
  /** How long posts and changes are kept after they were stored; ids of deleted posts twice as long. */
  retentionDays: number;
}

/** Opens the store, and makes it if there is none. Rejects with a HubError that says what is in the way. */
export async function openSqliteStore({ path, retentionDays }: SqliteStoreOptions): Promise<Store> {
  const signal = new CommitSignal();
  const thread = <Api>(role: StoreThreadOptions['role']) =>
    new DatabaseThread<Api>('./store.worker', import.meta.url, { path, role } satisfies StoreThreadOptions, () =>
      signal.announce(),
    );
  const writer = thread<WriterApi>('writer');
  await orClose(writer.opened(), [writer]);
  // Pages of a rare filter take their time: live readers do not wait for them.
  const threads: Threads = { writer, feed: thread<ReaderApi>('reader'), pages: thread<ReaderApi>('reader') };
  const all = [threads.feed, threads.pages, writer];
  const id = await orClose(threads.feed.remote.storeId(), all);
  await orClose(threads.pages.opened(), all);
  return new SqliteStore(threads, new CursorCodec(id), signal, retentionDays);
}

async function orClose<T>(opening: Promise<T>, threads: { close(): Promise<void> }[]): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    await Promise.allSettled(threads.map((thread) => thread.close()));
    throw error;
  }
}

interface Threads {
  writer: DatabaseThread<WriterApi>;
  feed: DatabaseThread<ReaderApi>;
  pages: DatabaseThread<ReaderApi>;
}

class SqliteStore implements Store {
  private readonly threads: Threads;
  private readonly cursors: CursorCodec;
  private readonly feed: FeedWatch;
  private readonly retention: Retention;
  readonly checkpoints: Checkpoints;

  constructor(threads: Threads, cursors: CursorCodec, signal: CommitSignal, retentionDays: number) {
    const { writer, feed, pages } = threads;
    this.threads = threads;
    this.cursors = cursors;
    this.feed = new FeedWatch(feed.remote, cursors, signal);
    this.retention = new Retention(writer.remote, retentionDays);
    this.retention.start();
    this.checkpoints = {
      get: (name) => pages.remote.checkpoint(name),
      set: (name, value) => writer.remote.setCheckpoint(name, value),
    };
  }

  apply(changes: readonly Change[]): Promise<readonly Outcome[]> {
    return this.threads.writer.remote.apply(changes.map(changeRow));
  }

  async get(id: string): Promise<Post | undefined> {
    const body = await this.threads.pages.remote.get(id);
    return body === undefined ? undefined : (JSON.parse(body) as Post);
  }

  async page({ filter, limit, before, ...bounds }: PageRequest): Promise<Page> {
    for (const id of [bounds.olderThan, bounds.newerThan]) if (id !== undefined) timeOfId(id);
    const start = before === undefined ? {} : { before: this.cursors.decode(before) };
    const page = await this.threads.pages.remote.page(filter, { ...bounds, ...start }, limit);
    return {
      posts: page.bodies.map((body) => JSON.parse(body) as Post),
      before: page.before === null ? null : this.cursors.encode(page.before),
      cursor: this.cursors.encode(page.head),
    };
  }

  watch({ from, signal }: { from?: Cursor; signal: AbortSignal }): AsyncIterable<FeedBatch> {
    const start = from === undefined ? this.feed.head() : Promise.resolve(from);
    // Whoever iterates gets the error.
    start.catch(() => undefined);
    return this.feed.from(start, signal);
  }

  head(): Promise<Cursor> {
    return this.feed.head();
  }

  observed(source: string, limit: number): Promise<readonly ObservedPost[]> {
    return this.threads.pages.remote.observed(source, limit);
  }

  named(source: string, localId: string): Promise<NamedPost | undefined> {
    return this.threads.pages.remote.named(source, localId);
  }

  async gaps(limit: number): Promise<readonly Gap[]> {
    const bodies = await this.threads.pages.remote.gaps(limit);
    return bodies.map((body) => JSON.parse(body) as Gap);
  }

  counts(): Promise<StoreCounts> {
    return this.threads.pages.remote.counts();
  }

  prune(now: Date): Promise<number> {
    return this.retention.prune(now);
  }

  /** Watchers end with the error `shutting_down`. */
  async close(): Promise<void> {
    this.feed.close();
    await this.retention.stop();
    const { writer, feed, pages } = this.threads;
    // The writer last: whoever closes a file last empties its write-ahead log.
    await Promise.all([feed.close(), pages.close()]);
    await writer.close();
  }
}

function changeRow(change: Change): ChangeRow {
  switch (change.kind) {
    case 'upsert':
      return upsertRow(change);
    case 'gap':
      return { ...change, body: JSON.stringify(change.gap) };
    case 'delete':
      return change;
  }
}
