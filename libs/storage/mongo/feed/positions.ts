import type { Cursor } from '@hub/contracts';
import { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import { isKind } from '../errors.ts';
import { STORE_ID } from '../records/state.record.ts';
import { positionOf, type CursorCodec } from './cursor-codec.ts';
import { feedPipeline } from './feed-change.ts';

/** Names positions of the feed without reading it. */
export class Positions {
  constructor(
    private readonly client: mongo.MongoClient,
    private readonly collections: Collections,
    private readonly cursors: CursorCodec,
    private readonly retentionMs: number,
  ) {}

  /** After every change that was acknowledged before the call. */
  async head(): Promise<Cursor> {
    const { db } = this.collections;
    await using stream = db.watch(feedPipeline(this.collections), { maxAwaitTimeMS: 1 });
    await stream.tryNext();
    return this.cursors.encode(positionOf(stream.resumeToken));
  }

  /** Posts of changes before this time of the cluster may be past their time. */
  async floor(): Promise<mongo.Timestamp> {
    const { state } = this.collections;
    const { pruned } = (await state.findOne({ _id: STORE_ID }, { projection: { pruned: 1 } })) ?? {};
    const seconds = Math.floor((Date.now() - this.retentionMs) / 1000);
    return later(new mongo.Timestamp({ t: Math.max(seconds, 0), i: 0 }), pruned);
  }

  /** From here on no change is gone. */
  async oldest(): Promise<Cursor> {
    const start = later(await this.floor(), await this.firstLogged());
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

  /** Where the server's log starts. Not known to users without rights on it, nor in a sharded cluster. */
  private async firstLogged(): Promise<mongo.Timestamp | undefined> {
    const log = this.client.db('local').collection<{ ts: mongo.Timestamp }>('oplog.rs');
    const first = log.findOne({}, { sort: { $natural: 1 }, projection: { ts: 1 } });
    return first.then(
      (entry) => entry?.ts,
      (error: unknown) => {
        if (isKind(error, 'refused')) return undefined;
        throw error;
      },
    );
  }
}

function later(a: mongo.Timestamp, b: mongo.Timestamp | undefined): mongo.Timestamp {
  return b !== undefined && b.greaterThan(a) ? b : a;
}
