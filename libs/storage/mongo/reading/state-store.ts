import type { Gap } from '@hub/contracts';
import type { StoreCounts } from '@hub/storage';
import type { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import { checkpointKey, STORE_ID } from '../records/state.record.ts';

/** Everything that is not a post: checkpoints, gaps, numbers, and what is past its time. */
export class StateStore {
  constructor(
    private readonly client: mongo.MongoClient,
    private readonly collections: Collections,
    private readonly retentionMs: number,
  ) {}

  async checkpoint(name: string): Promise<string | undefined> {
    return (await this.collections.state.findOne({ _id: checkpointKey(name) }))?.value;
  }

  async setCheckpoint(name: string, value: string): Promise<void> {
    await this.collections.state.updateOne({ _id: checkpointKey(name) }, { $set: { value } }, { upsert: true });
  }

  async gaps(limit: number): Promise<Gap[]> {
    const found = this.collections.gaps.find({ expireAt: { $gt: new Date() } }, { sort: { 'gap.from': -1 }, limit });
    return (await found.toArray()).map(({ gap }) => gap);
  }

  /** `feed` is what the store could tell again; the server's log may not reach as far back. */
  async counts(): Promise<StoreCounts> {
    const { posts, names, gaps } = this.collections;
    const [documents, told, tombstones, buried, gapCount] = await Promise.all([
      posts.estimatedDocumentCount(),
      posts.countDocuments({ gone: 'told', expireAt: { $gt: this.idsPast(new Date()) } }),
      posts.countDocuments({ gone: { $in: ['told', 'untold'] } }),
      names.countDocuments({ buried: true }),
      gaps.estimatedDocumentCount(),
    ]);
    const held = documents - tombstones;
    return { posts: held, feed: held + told + gapCount, tombstones: tombstones + buried, gaps: gapCount };
  }

  async prune(now: Date): Promise<number> {
    const { posts, names, gaps, state } = this.collections;
    const past = { expireAt: { $lte: now } };
    // Their ids stay, but the feed tells of them no more.
    await posts.updateMany({ gone: 'told', expireAt: { $lte: this.idsPast(now) } }, { $set: { gone: 'untold' } });
    await using session = this.client.startSession();
    const { deletedCount } = await posts.deleteMany({ ...past, order: { $exists: true } }, { session });
    await Promise.all([posts.deleteMany(past), names.deleteMany(past), gaps.deleteMany(past)]);
    const pruned = session.operationTime;
    if (deletedCount > 0 && pruned !== undefined) await state.updateOne({ _id: STORE_ID }, { $max: { pruned } });
    return deletedCount;
  }

  /** Ids that expire up to then belong to deletions that the feed does not tell of any more. */
  private idsPast(now: Date): Date {
    return new Date(now.getTime() + this.retentionMs);
  }
}
