import { HubError, type Cursor, type Gap, type Post } from '@hub/contracts';
import type {
  Change,
  Checkpoints,
  FeedBatch,
  NamedPost,
  ObservedPost,
  Outcome,
  Page,
  PageRequest,
  Store,
  StoreCounts,
} from '@hub/storage';
import type { Connection } from 'mongoose';
import { Applier } from './batch/applier.ts';
import { ApplyQueue } from './batch/apply-queue.ts';
import type { Collections } from './collections.ts';
import { MongoChangeFeed } from './feed/change-feed.ts';
import { ChangeReader } from './feed/change-reader.ts';
import { CursorCodec } from './feed/cursor-codec.ts';
import { Positions } from './feed/positions.ts';
import { patiently } from './patience.ts';
import { PostReader } from './reading/post-reader.ts';
import { StateStore } from './reading/state-store.ts';

export interface MongoStoreParts {
  connection: Connection;
  collections: Collections;
  /** The store's own name. */
  id: string;
  retentionMs: number;
}

export class MongoStore implements Store {
  private readonly closing = new AbortController();
  private readonly connection: Connection;
  private readonly queue: ApplyQueue;
  private readonly reader: PostReader;
  private readonly positions: Positions;
  private readonly feed: MongoChangeFeed;
  private readonly state: StateStore;
  readonly checkpoints: Checkpoints;

  constructor({ connection, collections, id, retentionMs }: MongoStoreParts) {
    const client = connection.getClient();
    const cursors = new CursorCodec(id);
    this.connection = connection;
    const applier = new Applier(client, collections, retentionMs);
    this.queue = new ApplyQueue((changes) => this.run(() => applier.apply(changes)));
    this.positions = new Positions(client, collections, cursors, retentionMs);
    this.reader = new PostReader(collections, cursors, this.positions);
    const changes = new ChangeReader(client, collections, cursors, this.positions);
    this.feed = new MongoChangeFeed(collections, cursors, changes, this.positions, this.closing.signal);
    this.state = new StateStore(client, collections, retentionMs);
    this.checkpoints = {
      get: (name) => this.run(() => this.state.checkpoint(name)),
      set: (name, value) => this.run(() => this.state.setCheckpoint(name, value)),
    };
  }

  apply(changes: readonly Change[]): Promise<readonly Outcome[]> {
    return this.queue.apply(changes);
  }

  get(id: string): Promise<Post | undefined> {
    return this.run(() => this.reader.get(id));
  }

  page(request: PageRequest): Promise<Page> {
    return this.run(() => this.reader.page(request));
  }

  watch({ from, signal }: { from?: Cursor; signal: AbortSignal }): AsyncIterable<FeedBatch> {
    const start = from === undefined ? this.head() : Promise.resolve(from);
    // Whoever iterates gets the error.
    start.catch(() => undefined);
    return this.feed.watch(start, signal);
  }

  head(): Promise<Cursor> {
    return this.run(() => this.positions.head());
  }

  observed(source: string, limit: number): Promise<readonly ObservedPost[]> {
    return this.run(() => this.reader.observed(source, limit));
  }

  named(source: string, localId: string): Promise<NamedPost | undefined> {
    return this.run(() => this.reader.named(source, localId));
  }

  gaps(limit: number): Promise<readonly Gap[]> {
    return this.run(() => this.state.gaps(limit));
  }

  counts(): Promise<StoreCounts> {
    return this.run(() => this.state.counts());
  }

  /** The server removes by itself what is past its time, within two minutes. */
  prune(now: Date): Promise<number> {
    return this.run(() => this.state.prune(now));
  }

  /** What is being applied is finished. Watchers end with the error `shutting_down`. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.queue.idle();
    await this.connection.close();
  }

  private async run<T>(action: () => Promise<T>): Promise<T> {
    const { signal } = this.closing;
    try {
      if (!signal.aborted) return await patiently(action);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    throw new HubError('shutting_down', 'The store is closed.');
  }
}
