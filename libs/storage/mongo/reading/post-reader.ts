import type { Post } from '@hub/contracts';
import { timeOfId, type NamedPost, type ObservedPost, type Page, type PageRequest } from '@hub/storage';
import type { mongo } from 'mongoose';
import type { Collections } from '../collections.ts';
import type { CursorCodec } from '../feed/cursor-codec.ts';
import type { Positions } from '../feed/positions.ts';
import { AFTER_ALL, nameOf, pageOrder } from '../records/keys.ts';
import type { NameRecord } from '../records/name.record.ts';
import type { PostRecord } from '../records/post.record.ts';
import { filterQuery } from './filter-query.ts';

/** A page that takes longer is given up, in milliseconds: a filter without words may look at every post. */
const PAGE_MS = 10_000;

/** The newest posts that pass, and their order. None: there can be none. */
export function pageQuery(
  filter: PageRequest['filter'],
  before = AFTER_ALL,
  after = '',
  now = new Date(),
): mongo.Filter<PostRecord> | undefined {
  const conditions = filterQuery(filter);
  const order = after === '' ? { $lt: before } : { $lt: before, $gt: after };
  return conditions && { $and: [{ order, expireAt: { $gt: now } }, ...conditions] };
}

const SECOND = 1000;

/** Reads posts. */
export class PostReader {
  constructor(
    private readonly collections: Collections,
    private readonly cursors: CursorCodec,
    private readonly positions: Positions,
  ) {}

  async get(id: string): Promise<Post | undefined> {
    const query = { 'post.id': id, expireAt: { $gt: new Date() } };
    const found = await this.collections.posts.findOne(query, { projection: { post: 1 } });
    return found?.post;
  }

  async page(request: PageRequest): Promise<Page> {
    const { filter, limit, oldest = false } = request;
    const query = pageQuery(filter, ...(await this.bounds(request)));
    if (query === undefined) return { posts: [], before: null, cursor: await this.positions.head() };
    const projection = { post: 1, order: 1, feedId: 1 };
    const options = { projection, sort: { order: oldest ? 1 : -1 }, limit: limit + 1, maxTimeMS: PAGE_MS } as const;
    const { found, cursor } = await this.positions.during((session) =>
      this.collections.posts.find(query, { ...options, session }).toArray(),
    );
    const shown = found.slice(0, limit);
    if (oldest) shown.reverse();
    const last = found.length > limit && !oldest ? shown.at(-1)?.order : undefined;
    return {
      posts: shown.flatMap(({ post }) => (post === undefined ? [] : [post])),
      before: last === undefined ? null : this.cursors.encode(last),
      cursor,
    };
  }

  /** Between which orders the page lies. */
  private async bounds({ before, olderThan, newerThan }: PageRequest): Promise<[string, string]> {
    const start = before === undefined ? AFTER_ALL : this.cursors.decode(before);
    const older = olderThan === undefined ? AFTER_ALL : await this.orderOf(olderThan, timeOfId(olderThan) + SECOND);
    const after = newerThan === undefined ? '' : await this.orderOf(newerThan, timeOfId(newerThan));
    return [older < start ? older : start, after];
  }

  /** Of one that is gone, what stands before all of `ms`. */
  private async orderOf(id: string, ms: number): Promise<string> {
    const found = await this.collections.posts.findOne({ 'post.id': id }, { projection: { order: 1 } });
    return found?.order ?? pageOrder(new Date(ms).toISOString(), '');
  }

  async observed(source: string, limit: number): Promise<ObservedPost[]> {
    const { names, posts } = this.collections;
    return names
      .aggregate<ObservedPost>([
        { $match: { source, uri: { $exists: true } } },
        { $sort: { seenAt: -1, order: -1 } },
        {
          $lookup: {
            from: posts.collectionName,
            localField: 'post',
            foreignField: '_id',
            as: 'post',
            pipeline: [{ $match: { order: { $exists: true } } }, { $project: { 'version.at': 1 } }],
          },
        },
        { $unwind: '$post' },
        { $limit: limit },
        { $project: { _id: 0, localId: 1, uri: 1, at: '$post.version.at' } },
      ])
      .toArray();
  }

  async named(source: string, localId: string): Promise<NamedPost | undefined> {
    const { names, posts } = this.collections;
    const { uri, post } = (await names.findOne({ _id: nameOf(source, localId) })) ?? {};
    if (uri === undefined || post === undefined) return undefined;
    const held = await posts.findOne({ _id: post, order: { $exists: true } }, { projection: { _id: 1 } });
    if (held === null) return undefined;
    const shown = names.find({ post, order: { $exists: true } }, { projection: { source: 1, localId: 1 } });
    return { uri, names: (await shown.toArray()).map(toName) };
  }
}

/** Both are there in every name of a post. */
function toName({ source = '', localId = '' }: NameRecord): NamedPost['names'][number] {
  return { source, localId };
}
