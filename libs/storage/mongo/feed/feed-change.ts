import type { Gap } from '@hub/contracts';
import type { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import type { PostRecord } from '../records/post.record.ts';

/** A change as the server tells it: which document it wrote, and nothing of what a post said then. */
export interface FeedChange {
  /** Resume token. */
  _id: unknown;
  clusterTime: mongo.Timestamp;
  documentKey: { _id: string };
  fullDocument: Pick<PostRecord, 'keptShort' | 'gone' | 'removed'> & {
    feedId: mongo.ObjectId;
    gap?: Gap;
  };
}

/**
 * What is watched: documents that were written whole under a name for the feed. Of posts only the keys leave the
 * server; their words are read when a change is told, so that the feed's past holds none that are gone.
 */
export function feedPipeline({ posts, gaps }: Collections): mongo.Document[] {
  return [
    {
      $match: {
        operationType: { $in: ['insert', 'replace'] },
        'ns.coll': { $in: [posts.collectionName, gaps.collectionName] },
        'fullDocument.feedId': { $exists: true },
      },
    },
    {
      $project: {
        clusterTime: 1,
        documentKey: 1,
        'fullDocument.feedId': 1,
        'fullDocument.keptShort': 1,
        'fullDocument.gone': 1,
        'fullDocument.removed': 1,
        'fullDocument.gap': 1,
      },
    },
  ];
}

export type FeedStream = mongo.ChangeStream<mongo.Document, FeedChange>;

/** What the server sends at once; nothing, if it has nothing for as long as it waits. */
export async function received(stream: FeedStream): Promise<FeedChange[]> {
  const changes: FeedChange[] = [];
  do {
    const change = await stream.tryNext();
    if (change !== null) changes.push(change);
  } while (stream.bufferedCount() > 0);
  return changes;
}
