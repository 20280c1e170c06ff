import type { Change, Outcome } from '@hub/storage';
import type { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import { commit, TRANSACTION } from '../transaction.ts';
import { Workset } from './workset.ts';
import { Writer } from './writer.ts';
import { Writes } from './writes.ts';

/**
 * Applies changes in one transaction. What they find is read in its snapshot, and whatever it decides by is also
 * written by whoever could make the decision wrong (a name, a post, the lock of an embedded post): then one of two
 * transactions fails with a conflict and starts anew.
 */
export class Applier {
  constructor(
    private readonly client: mongo.MongoClient,
    private readonly collections: Collections,
    private readonly retentionMs: number,
  ) {}

  /** Has its effect once, however often it is called. */
  async apply(changes: readonly Change[]): Promise<Outcome[]> {
    await using session = this.client.startSession();
    session.startTransaction(TRANSACTION);
    const outcomes = await this.write(changes, session);
    await commit(session);
    return outcomes;
  }

  private async write(changes: readonly Change[], session: mongo.ClientSession): Promise<Outcome[]> {
    const now = Date.now();
    const times = {
      now: new Date(now),
      posts: new Date(now + this.retentionMs),
      ids: new Date(now + 2 * this.retentionMs),
    };
    const work = await Workset.read(this.collections, session, changes);
    const writes = new Writes();
    const writer = new Writer(work, writes, times);
    const outcomes: Outcome[] = [];
    for (const change of changes) outcomes.push(await writer.apply(change));
    await writes.run(this.collections, session);
    return outcomes;
  }
}
