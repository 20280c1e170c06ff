import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { Filter } from '@hub/contracts';
import type { Store } from '@hub/storage';
import { openMongoStore } from '@hub/storage/mongo';
import { anUpsert, aPost } from '@hub/storage/testkit';
import mongoose, { type Connection, type mongo } from 'mongoose';
import { pageQuery } from '../../libs/storage/mongo/reading/post-reader.ts';
import { FILTER_PATHS, type PostRecord } from '../../libs/storage/mongo/records/post.record.ts';
import { describeWith } from '../servers/describe-with.ts';
import { ANY_MONGO_PROBE, MONGO_PURPOSE, mongoForTests, type MongoServer } from '../servers/mongo.ts';

// Two busy cores make a server slow.
jest.setTimeout(60_000);

const DATABASE = `hub_test_queries_${process.pid}`;
const POSTS = 300;

/** One value of each field; a fifth of the posts has it. */
const FILTERS = {
  language: { language: ['pt'] },
  hashtag: { hashtag: ['cats'] },
  instance: { instance: ['h1.example'] },
  account: { account: ['u1@h1.example'] },
  mention: { mention: ['m1@h.example'] },
  keyword: { keyword: ['word1'] },
} satisfies Record<keyof typeof FILTER_PATHS, Filter>;

function numbered(n: number) {
  const i = n % 5;
  return aPost({
    text: `every word${i}`,
    language: ['en', 'pt-BR', 'de', 'fr', 'ja'][i] ?? null,
    created_at: new Date(Date.UTC(2026, 10, 1, 12) + n * 1000).toISOString(),
    tags: [{ name: ['Dogs', 'Cats', 'fish', 'birds', 'mice'][i] ?? '', url: '' }],
    mentions: [{ id: '1', username: `m${i}`, acct: `m${i}@h.example`, url: `https://h.example/@m${i}` }],
    account: { username: `u${i}`, acct: `u${i}@h${i}.example` },
    hub: { source: 'h.example', local_id: String(n) },
  });
}

interface Explained {
  queryPlanner: { winningPlan: unknown };
  executionStats: { totalKeysExamined: number; totalDocsExamined: number };
}

describeWith(ANY_MONGO_PROBE, MONGO_PURPOSE, 'queries of a MongoDB store', () => {
  let server: MongoServer;
  let connection: Connection;
  let posts: mongo.Collection<PostRecord>;
  let store: Store;
  /** The stand-in plans with an index only if the query has nothing beside it: there the index is named. */
  let plans: boolean;

  beforeAll(async () => {
    server = await mongoForTests();
    store = await openMongoStore({ uri: server.uri, database: DATABASE, collection: 'posts', retentionDays: 7 });
    await store.apply(Array.from({ length: POSTS }, (_, n) => anUpsert(numbered(n))));
    connection = await mongoose.createConnection(server.uri, { dbName: DATABASE }).asPromise();
    posts = connection.getClient().db(DATABASE).collection<PostRecord>('posts');
    const hello = await connection.getClient().db('admin').command({ hello: 1 });
    plans = hello['setName'] !== 'secantus';
  }, 120_000);

  afterAll(async () => {
    await store.close();
    await connection.dropDatabase();
    await connection.close();
    await server.stop();
  }, 60_000);

  async function explain(query: mongo.Filter<PostRecord>, hint: string, sort?: mongo.Sort): Promise<Explained> {
    const find = posts.find(query, { ...(sort !== undefined && { sort, limit: 41 }), ...(!plans && { hint }) });
    return (await find.explain('executionStats')) as Explained;
  }

  function expectIndex({ queryPlanner, executionStats }: Explained, index: string, most: number): void {
    const plan = JSON.stringify(queryPlanner.winningPlan);
    expect(plan).toContain(`"${index}"`);
    expect(plan).not.toContain('COLLSCAN');
    if (plans) expect(plan).not.toContain('"SORT"');
    expect(executionStats.totalDocsExamined).toBeLessThanOrEqual(most);
  }

  it.each(Object.entries(FILTERS))('find pages by %s in its index, in the order of pages', async (field, filter) => {
    const index = `${FILTER_PATHS[field as keyof typeof FILTER_PATHS]}_1_order_-1`;
    expectIndex(await explain(pageQuery(filter) ?? {}, index, { order: -1 }), index, POSTS / 5);
    expect((await store.page({ filter, limit: 100 })).posts).toHaveLength(POSTS / 5);
  });

  it('find phrases by one of their words', async () => {
    const index = `${FILTER_PATHS.keyword}_1_order_-1`;
    const filter = { keyword: ['every word1'] };
    expectIndex(await explain(pageQuery(filter) ?? {}, index, { order: -1 }), index, POSTS / 5);
    expect((await store.page({ filter, limit: 100 })).posts).toHaveLength(POSTS / 5);
    expect((await store.page({ filter: { keyword: ['word1 every'] }, limit: 100 })).posts).toEqual([]);
  });

  it('find pages of everything by their order, a single post by its id, and what embeds a post', async () => {
    expectIndex(await explain(pageQuery({}) ?? {}, 'order_-1', { order: -1 }), 'order_-1', plans ? 41 : POSTS);
    expectIndex(await explain({ 'post.id': numbered(7).id }, 'post.id_1'), 'post.id_1', 1);
    expectIndex(await explain({ 'references.uri': { $in: ['a', 'b'] } }, 'references.uri_1'), 'references.uri_1', 0);
  });

  it('leave it to the server to remove what is past its time', async () => {
    for (const name of ['posts', 'posts_names', 'posts_gaps']) {
      const indexes = await connection.getClient().db(DATABASE).collection(name).indexes();
      expect(indexes).toContainEqual(expect.objectContaining({ key: { expireAt: 1 }, expireAfterSeconds: 0 }));
    }
  });

  it('go through pages without a gap or a repetition', async () => {
    const seen: string[] = [];
    for (let before: string | null | undefined; before !== null;) {
      const page = await store.page({ filter: {}, limit: 41, ...(before !== undefined && { before }) });
      seen.push(...page.posts.map(({ id }) => id));
      ({ before } = page);
    }
    expect(seen).toEqual(Array.from({ length: POSTS }, (_, n) => numbered(POSTS - 1 - n).id));
  });
});
