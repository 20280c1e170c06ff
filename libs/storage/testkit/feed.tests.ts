import { expect } from '@jest/globals';
import { CursorTooOldError, type FeedEntry, type Store } from '@hub/storage';
import { aDelete, aGap, anUpsert } from './a-change.ts';
import { RETENTION_DAYS, type ContractTests, type StorageContext } from './context.ts';
import { allPages, readFeed, readUntil, replayed } from './reading.ts';

const DAY_MS = 86_400_000;

/** A little of everything, in a few calls. */
async function someHistory({ store, post, host }: StorageContext): Promise<void> {
  for (let call = 0; call < 6; call++) {
    const [kept, edited, gone] = [post(), post(), post()];
    await store.apply([kept, edited, gone].map((each) => anUpsert(each)));
    const edit = { ...edited, content: 'edited', edited_at: '2026-11-01T13:00:00.000Z' };
    const gap = aGap({ source: host, from: new Date(call).toISOString() });
    await store.apply([anUpsert(edit, { edited: true }), aDelete(gone), gap]);
  }
}

async function failure(store: Store, from: string): Promise<unknown> {
  try {
    await readUntil(store, from, () => true);
  } catch (error) {
    return error;
  }
  throw new Error(`reading from ${from} did not fail`);
}

export const feedTests: ContractTests = {
  'goes on from every cursor with exactly what came later': async (context) => {
    const { store } = context;
    const from = await store.head();
    await someHistory(context);
    const all = await readFeed(store, from);
    expect(all.length).toBeGreaterThanOrEqual(24);
    expect(new Set(all.map(({ cursor }) => cursor)).size).toBe(all.length);
    for (const [i, { cursor }] of all.entries()) expect(await readFeed(store, cursor)).toEqual(all.slice(i + 1));
    expect(await readFeed(store, from)).toEqual(all);
  },

  'replays to what is stored': async (context) => {
    const { store, host } = context;
    const from = await store.head();
    await someHistory(context);
    const posts = await allPages(store, { instance: [host] });
    expect(replayed(await readFeed(store, from))).toEqual(new Map(posts.map((post) => [post.uri, post])));
  },

  'ends a batch with a cursor after it': async ({ store, post }) => {
    const stop = new AbortController();
    const batches = store.watch({ signal: stop.signal })[Symbol.asyncIterator]();
    const [one, two] = [post(), post()];
    const first = batches.next();
    await store.apply([anUpsert(one)]);
    const { value } = await first;
    await store.apply([anUpsert(two)]);
    expect(replayed(await readFeed(store, value?.cursor ?? '')).has(one.uri)).toBe(false);
    expect(replayed(await readFeed(store, value?.cursor ?? '')).has(two.uri)).toBe(true);
    stop.abort();
    await batches.return?.();
  },

  'begins now without a cursor, and ends when it is aborted': async ({ store, post }) => {
    await store.apply([anUpsert(post())]);
    const stop = new AbortController();
    const batches = store.watch({ signal: stop.signal })[Symbol.asyncIterator]();
    const first = batches.next();
    const after = post();
    await store.apply([anUpsert(after)]);
    const { value } = await first;
    expect([...replayed(value?.entries ?? []).keys()]).toEqual([after.uri]);
    const next = batches.next();
    stop.abort();
    expect(await next).toMatchObject({ done: true });
  },

  'delivers live, in bounded batches, when asked': async ({ store, post }) => {
    const posts = Array.from({ length: 40 }, () => post({ text: 'long '.repeat(20_000) }));
    const from = await store.head();
    for (const each of posts) await store.apply([anUpsert(each)]);
    const stop = new AbortController();
    let read = 0;
    for await (const { entries } of store.watch({ from, signal: stop.signal })) {
      expect(entries.reduce((sum, { json }) => sum + json.length, 0)).toBeLessThan(2_000_000);
      read += entries.length;
      if (read === posts.length) stop.abort();
    }
    expect(read).toBe(posts.length);
  },

  'joins a page without loss': async ({ store, post, host }) => {
    const posts = Array.from({ length: 60 }, () => post());
    const last = posts.at(-1);
    const applied = (async () => {
      for (const each of posts) await store.apply([anUpsert(each)]);
    })();
    await readUntil(store, await store.head(), () => true);
    const page = await store.page({ filter: { instance: [host] }, limit: 100 });
    const later = await readUntil(store, page.cursor, ({ json }) => json.includes(`"${last?.uri}"`));
    await applied;
    const paged = page.posts.map(({ uri }) => uri);
    const live = [...replayed(later).keys()];
    expect([...paged, ...live].sort()).toEqual(posts.map(({ uri }) => uri).sort());
  },

  'is one order, with the same cursors, at every instance': {
    needs: 'second_instance',
    run: async ({ fresh, post }) => {
      const site = await fresh();
      const [one, two] = [await site.open(), await site.open()];
      // Two names of one position are as good as one.
      const [here, there] = [await one.head(), await two.head()];
      const end = aGap({ reason: 'overloaded' });
      const isEnd = ({ json }: FeedEntry) => json === JSON.stringify(end.gap);
      const watched = [readUntil(one, there, isEnd), readUntil(two, here, isEnd), readUntil(two, there, isEnd)];
      for (let i = 0; i < 50; i++) await (i % 2 ? one : two).apply([anUpsert(post())]);
      await one.apply([end]);
      const [first, ...others] = await Promise.all(watched);
      expect(first).toHaveLength(51);
      for (const other of others) expect(other).toEqual(first);
      await Promise.all([one.close(), two.close()]);
    },
  },

  'wakes watchers at other instances soon': {
    needs: 'second_instance',
    run: async ({ fresh, post }) => {
      const site = await fresh();
      const [one, two] = [await site.open(), await site.open()];
      const from = await two.head();
      const seen = readUntil(two, from, () => true);
      await one.apply([anUpsert(post())]);
      const committed = performance.now();
      await seen;
      expect(performance.now() - committed).toBeLessThan(1_000);
      await Promise.all([one.close(), two.close()]);
    },
  },

  'says when a cursor is too old, and from where to go on': {
    needs: 'cursor_too_old',
    run: async ({ fresh, post }) => {
      const store = await (await fresh()).open();
      const start = await store.head();
      await store.apply([anUpsert(post())]);
      const before = await store.head();
      expect(await store.prune(new Date(Date.now() + (RETENTION_DAYS + 1) * DAY_MS))).toBe(1);
      const error = await failure(store, start);
      expect(error).toBeInstanceOf(CursorTooOldError);
      const { oldest } = error as CursorTooOldError;
      const later = post();
      await store.apply([anUpsert(later)]);
      for (const from of [before, oldest]) {
        expect([...replayed(await readFeed(store, from)).values()]).toEqual([later]);
      }
      await store.close();
    },
  },

  'refuses what is not its cursor': async ({ store, fresh }) => {
    const other = await (await fresh()).open();
    const head = await store.head();
    for (const cursor of ['', 'nonsense', `${head}0`, `${head} `, await other.head()]) {
      expect(await failure(store, cursor)).toMatchObject({ code: 'invalid_cursor' });
    }
    await other.close();
  },
};
