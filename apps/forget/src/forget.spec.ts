import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedPost, Post } from '@hub/contracts';
import { Blocklist } from '@hub/policy';
import type { Store } from '@hub/storage';
import { openSqliteStore } from '@hub/storage/sqlite';
import { anUpsert, aPost, type PostFields } from '@hub/storage/testkit';
import { block } from './block.ts';
import { forget } from './forget.ts';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forget-'));
  store = await openSqliteStore({ path: join(folder, 'posts.db'), retentionDays: 7 });
});

afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

function listOf(line: string): Blocklist {
  const list = new Blocklist();
  list.replace(line);
  return list;
}

function by(host: string, n: number, more: PostFields = {}): Post {
  const account = { acct: `ada@${host}`, url: `https://${host}/@ada` };
  return aPost({ uri: `https://${host}/posts/${n}`, account, hub: { local_id: String(n) }, ...more });
}

function embedded(host: string, n: number): EmbeddedPost {
  const { hub: _, ...post } = by(host, n);
  return { ...post, id: String(n) };
}

describe('forget', () => {
  it('removes a domain, whatever the pages, and leaves the others', async () => {
    const posts = Array.from({ length: 250 }, (_, n) => by(n % 3 === 0 ? 'bad.example' : 'good.example', n));
    await store.apply(posts.map((post) => anUpsert(post)));
    expect(await forget(store, listOf('bad.example'))).toEqual({ posts: 84, quotes: 0, left: 0 });
    expect((await store.counts()).posts).toBe(166);
    expect(await forget(store, listOf('bad.example'))).toEqual({ posts: 0, quotes: 0, left: 0 });
  });

  it.each([
    ['an account', 'ada@bad.example'],
    ['one post', 'https://bad.example/posts/1'],
  ])('removes %s', async (_what, line) => {
    await store.apply([anUpsert(by('bad.example', 1)), anUpsert(by('good.example', 2))]);
    expect(await forget(store, listOf(line))).toEqual({ posts: 1, quotes: 0, left: 0 });
    expect((await store.page({ filter: {}, limit: 10 })).posts.map(({ uri }) => uri)).toEqual([
      'https://good.example/posts/2',
    ]);
  });
});

describe('forget of what others embed', () => {
  it('removes boosts, and takes quotes out of posts that stay', async () => {
    const quote = { state: 'accepted', quoted_status: embedded('bad.example', 7), quoted_status_id: '7' };
    const posts = [by('good.example', 1, { quote }), by('good.example', 2, { reblog: embedded('bad.example', 8) })];
    await store.apply(posts.map((post) => anUpsert(post)));
    expect(await forget(store, listOf('bad.example'))).toEqual({ posts: 1, quotes: 1, left: 0 });
    const { posts: kept } = await store.page({ filter: {}, limit: 10 });
    expect(kept.map(({ uri }) => uri)).toEqual(['https://good.example/posts/1']);
    expect(JSON.stringify(kept)).not.toContain('bad.example');
  });
});

describe('block', () => {
  it('adds a line once', async () => {
    const file = join(folder, 'x', 'blocklist.txt');
    expect(block(file, 'bad.example')).toBe(true);
    expect(block(file, 'BAD.example')).toBe(false);
    expect(block(file, '@ada@a.example')).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('bad.example\n@ada@a.example\n');
  });
});
