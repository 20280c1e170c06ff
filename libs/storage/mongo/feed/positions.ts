import type { Cursor } from '@hub/contracts';
import { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import { isKind } from '../errors.ts';
import type { PostRecord } from '../records/post.record.ts';
import { STORE_ID } from '../records/state.record.ts';
import { commit, TRANSACTION } from '../transaction.ts';
import { positionOf, type CursorCodec } from './cursor-codec.ts';
import { feedPipeline, received, type FeedStream } from './feed-change.ts';

type Read = (session: mongo.ClientSession) => Promise<PostRecord[]>;

/** Names positions of the feed. */
export class Positions {
  constructor(
    private readonly client: mongo.MongoClient,
    private readonly collections: Collections,
    private readonly cursors: CursorCodec,
    private readonly retentionMs: number,
  ) {}

  /** After every change that was acknowledged before the call. */
  async head(): Promise<Cursor> {
    await using stream = this.follow();
    await received(stream);
    return this.cursors.encode(positionOf(stream.resumeToken));
  }

  /**
   * Reads posts in one snapshot. The cursor is that of the last change that they show; what came later is not in them,
   * and what came earlier is, or is not of their kind.
   */
  async during(read: Read): Promise<{ found: PostRecord[]; cursor: Cursor }> {
    await using stream = this.follow();
    await received(stream);
    const before = stream.resumeToken;
    const found = await this.snapshot(read);
    const shown = new Set(found.map(({ feedId }) => feedId?.toHexString()));
    const last = (await received(stream)).findLast(({ fullDocument }) => shown.has(fullDocument.feedId.toHexString()));
    return { found, cursor: this.cursors.encode(positionOf(last?._id ?? before)) };
  }

  private follow(): FeedStream {
    return this.collections.db.watch(feedPipeline(this.collections), { maxAwaitTimeMS: 1 });
  }

  private async snapshot(read: Read): Promise<PostRecord[]> {
    await using session = this.client.startSession();
    session.startTransaction(TRANSACTION);
    const found = await read(session);
    // Only then is what was read sure to stay, and to be on the feed.
    await commit(session);
    return found;
  }

  /** Posts of changes before this time of the cluster may be past their time. */
  async floor(): Promise<mongo.Timestamp> {
    const { state } = this.collections;
    const { pruned } = (await state.findOne({ _id: STORE_ID }, { projection: { pruned: 1 } })) ?? {};
    return later(atSecond(seconds(Date.now() - this.retentionMs)), pruned);
  }

  /** From here on no change is gone, nor will be in the next moments. */
  async oldest(): Promise<Cursor> {
    const start = later(await this.floor(), await this.firstLogged());
    if (start.t >= seconds(Date.now())) return this.head();
    try {
      return await this.at(start);
    } catch (error) {
      if (isKind(error, 'historyLost')) return this.head();
      throw error;
    }
  }

  private async at(startAtOperationTime: mongo.Timestamp): Promise<Cursor> {
    const { db } = this.collections;
    await using session = this.client.startSession();
    const pipeline = [{ $changeStream: { startAtOperationTime } }];
    // Without a first batch: its token is the position that was asked for.
    const { cursor } = await db.command({ aggregate: 1, pipeline, cursor: { batchSize: 0 } }, { session });
    await db.command({ killCursors: '$cmd.aggregate', cursors: [cursor.id] }, { session });
    return this.cursors.encode(positionOf(cursor.postBatchResumeToken));
  }

  /**
   * Where the server's log starts, or rather where it will start after a twentieth of its span. Not known to users
   * without rights on it, nor in a sharded cluster.
   */
  private async firstLogged(): Promise<mongo.Timestamp | undefined> {
    const log = this.client.db('local').collection<{ ts: mongo.Timestamp }>('oplog.rs');
    const first = log.findOne({}, { sort: { $natural: 1 }, projection: { ts: 1 } });
    return first.then(
      (entry) => (entry === null ? undefined : atSecond(soonAfter(entry.ts.t))),
      (error: unknown) => {
        if (isKind(error, 'refused')) return undefined;
        throw error;
      },
    );
  }
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

function soonAfter(second: number): number {
  return second + Math.ceil((seconds(Date.now()) - second) / 20);
}

function atSecond(second: number): mongo.Timestamp {
  return new mongo.Timestamp({ t: Math.max(second, 0), i: 0 });
}

function later(a: mongo.Timestamp, b: mongo.Timestamp | undefined): mongo.Timestamp {
  return b !== undefined && b.greaterThan(a) ? b : a;
}
