import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { EmbeddedPost, Post } from '@hub/contracts';
import { Blocklist } from '@hub/policy';
import type { Store } from '@hub/storage';
import { openMongoStore } from '@hub/storage/mongo';
import { anUpsert, aPost, type PostFields } from '@hub/storage/testkit';
import mongoose from 'mongoose';
import { forget } from '../../apps/forget/src/forget.ts';
import { allPages, readFeed, replayed } from '../../libs/storage/testkit/reading.ts';
import { describeWith } from '../servers/describe-with.ts';
import { ANY_MONGO_PROBE, MONGO_PURPOSE, mongoForTests, type MongoServer } from '../servers/mongo.ts';

function by(host: string, n: number, more: PostFields = {}): Post {
  const account = { acct: `ada@${host}`, url: `https://${host}/@ada` };
  const text = `words of ${host.replace('.', '')} number ${n}`;
  return aPost({ uri: `https://${host}/posts/${n}`, account, text, hub: { local_id: `${host}-${n}` }, ...more });
}

function embedded(host: string, n: number): EmbeddedPost {
  const { hub, ...post } = by(host, n);
  return { ...post, id: hub.local_id };
}

describeWith(ANY_MONGO_PROBE, MONGO_PURPOSE, 'forget, with MongoDB', () => {
  const database = `hub_test_${randomBytes(6).toString('hex')}`;
  let server: MongoServer;
  let store: Store;

  beforeAll(async () => {
    server = await mongoForTests();
    store = await openMongoStore({ uri: server.uri, database, collection: 'posts', retentionDays: 7 });
  }, 120_000);

  afterAll(async () => {
    await store.close();
    const connection = await mongoose.createConnection(server.uri).asPromise();
    await connection.useDb(database).dropDatabase();
    await connection.close();
    await server.stop();
  }, 60_000);

  it('takes posts, boosts and quotes out of store, search and replay, and they do not come back', async () => {
    const from = await store.head();
    const quote = { state: 'accepted', quoted_status: embedded('bad.example', 1), quoted_status_id: 'bad.example-1' };
    const posts = [
      ...Array.from({ length: 130 }, (_, n) => by(n % 2 === 0 ? 'bad.example' : 'good.example', n)),
      by('good.example', 501, { quote }),
      by('good.example', 502, { text: '', reblog: embedded('bad.example', 2) }),
    ];
    await store.apply(posts.map((post) => anUpsert(post)));
    const list = new Blocklist();
    list.replace('bad.example');
    // The boost may go with what it boosts before it is counted.
    expect(await forget(store, list)).toMatchObject({ quotes: 1, left: 0 });

    const kept = await allPages(store, {});
    expect(kept).toHaveLength(66);
    expect(await allPages(store, { keyword: ['badexample'] })).toEqual([]);
    const feed = await readFeed(store, from);
    for (const text of [JSON.stringify(kept), JSON.stringify([...replayed(feed).values()])])
      expect(text).not.toContain('badexample');
    expect(feed.filter(({ type, json }) => type !== 'delete' && json.includes('badexample'))).toEqual([]);
    // At-least-once: what the broker still holds comes again.
    const again = await store.apply(posts.slice(0, 10).map((post) => anUpsert(post)));
    expect(new Set(again)).toEqual(new Set(['tombstoned', 'stale']));
    expect(await forget(store, list)).toEqual({ posts: 0, quotes: 0, left: 0 });
  }, 60_000);
});
