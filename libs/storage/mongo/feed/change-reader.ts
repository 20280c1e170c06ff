import { CursorTooOldError, type FeedEntry } from '@hub/storage';
import type { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import { isLive, type PostRecord } from '../records/post.record.ts';
import { positionOf, type CursorCodec } from './cursor-codec.ts';
import type { FeedChange } from './feed-change.ts';
import type { Positions } from './positions.ts';

type Told = Pick<FeedEntry, 'type' | 'json'>;

/** Turns changes as the server tells them into what readers get. */
export class ChangeReader {
  constructor(
    private readonly client: mongo.MongoClient,
    private readonly collections: Collections,
    private readonly cursors: CursorCodec,
    private readonly positions: Positions,
  ) {}

  /** Rejects with CursorTooOldError if a post was removed because of its age. */
  async read(changes: readonly FeedChange[]): Promise<FeedEntry[]> {
    const posts = await this.current(changes);
    await this.checkAge(changes.filter((change) => isPost(change) && isPast(posts.get(change.documentKey._id))));
    return changes.flatMap((change) => {
      const told = tell(change, posts.get(change.documentKey._id));
      return told === undefined ? [] : [{ cursor: this.cursors.encode(positionOf(change._id)), ...told }];
    });
  }

  /** The posts as they are now: not before the last of the changes, whichever member of the replica set answers. */
  private async current(changes: readonly FeedChange[]): Promise<Map<string, PostRecord>> {
    const keys = new Set(changes.filter(isPost).map(({ documentKey }) => documentKey._id));
    const last = changes.at(-1);
    if (keys.size === 0 || last === undefined) return new Map();
    await using session = this.client.startSession({ causalConsistency: true });
    session.advanceOperationTime(last.clusterTime);
    const projection = { feedId: 1, feedType: 1, post: 1, expireAt: 1 };
    const query = this.collections.posts.find({ _id: { $in: [...keys] } }, { session, projection });
    return new Map((await query.toArray()).map((record) => [record._id, record]));
  }

  /** @param past changes whose post is not there any more */
  private async checkAge(past: readonly FeedChange[]): Promise<void> {
    const aged = past.filter(({ fullDocument }) => fullDocument.keptShort !== true);
    if (aged.length === 0) return;
    const floor = await this.positions.floor();
    if (aged.some(({ clusterTime }) => clusterTime.lessThan(floor))) {
      throw new CursorTooOldError(await this.positions.oldest());
    }
  }
}

function isPost({ fullDocument: { gap, gone } }: FeedChange): boolean {
  return gap === undefined && gone === undefined;
}

function isPast(record: PostRecord | undefined): boolean {
  return record === undefined || record.expireAt <= new Date();
}

/** Nothing of a post that is past its time, or that a later change wrote anew. */
function tell(
  { fullDocument: { gap, removed, feedId } }: FeedChange,
  record: PostRecord | undefined,
): Told | undefined {
  if (gap !== undefined) return { type: 'gap', json: JSON.stringify(gap) };
  if (removed !== undefined) return { type: 'delete', json: JSON.stringify({ id: removed.id, uri: removed.uri }) };
  if (record === undefined || isPast(record) || !isLive(record) || !record.feedId.equals(feedId)) return undefined;
  return { type: record.feedType, json: JSON.stringify(record.post) };
}
