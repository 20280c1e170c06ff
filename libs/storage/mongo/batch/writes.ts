import type { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import type { GapRecord } from '../records/gap.record.ts';
import type { NameRecord } from '../records/name.record.ts';
import type { PostRecord } from '../records/post.record.ts';

type PostWrite = { record: PostRecord; exists: boolean } | { sequence: number };

/** What a batch changes: one write a document, in the order in which the feed tells of them. */
export class Writes {
  private readonly names = new Map<string, mongo.AnyBulkWriteOperation<NameRecord>>();
  private readonly feed = new Map<string, PostWrite | { gap: GapRecord; exists: boolean }>();

  /** @param exists the store had a document of that key before the batch */
  name(record: NameRecord, exists: boolean): void {
    this.names.set(record._id, put(record, exists));
  }

  /** Makes this transaction conflict with any other that locks the same. */
  lock(_id: string, expireAt: Date): void {
    const update = { $inc: { uses: 1 }, $set: { expireAt } };
    this.names.set(_id, { updateOne: { filter: { _id }, update, upsert: true } });
  }

  post(record: PostRecord, exists: boolean): void {
    // Set anew, so that the last change of a document is told last.
    this.feed.delete(record._id);
    this.feed.set(record._id, { record, exists });
  }

  /** Moves the version of a stored post on; nothing is told. */
  sequence(_id: string, sequence: number): void {
    const written = this.feed.get(_id);
    if (written === undefined || !('record' in written)) this.feed.set(_id, { sequence });
    else if (written.record.version !== undefined) written.record.version = { ...written.record.version, sequence };
  }

  gap(record: GapRecord, exists: boolean): void {
    this.feed.delete(record._id);
    this.feed.set(record._id, { gap: record, exists });
  }

  async run({ names, posts, gaps }: Collections, session: mongo.ClientSession): Promise<void> {
    // Names first: transactions that are in each other's way notice before they have written posts.
    if (this.names.size > 0) await names.bulkWrite([...this.names.values()], { session });
    let waiting: mongo.AnyBulkWriteOperation<PostRecord>[] = [];
    const flush = async () => {
      if (waiting.length > 0) await posts.bulkWrite(waiting, { session });
      waiting = [];
    };
    for (const [_id, write] of this.feed) {
      if ('gap' in write) {
        await flush();
        await gaps.bulkWrite([put(write.gap, write.exists)], { session });
      } else waiting.push('record' in write ? put(write.record, write.exists) : advance(_id, write.sequence));
    }
    await flush();
  }
}

function put<T extends { _id: string }>(record: T, exists: boolean): mongo.AnyBulkWriteOperation<T> {
  if (!exists) return { insertOne: { document: record as mongo.OptionalId<T> } };
  return { replaceOne: { filter: { _id: record._id } as mongo.Filter<T>, replacement: record } };
}

function advance(_id: string, sequence: number): mongo.AnyBulkWriteOperation<PostRecord> {
  return { updateOne: { filter: { _id }, update: { $set: { 'version.sequence': sequence } } } };
}
