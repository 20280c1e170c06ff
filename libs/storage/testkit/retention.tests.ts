import { expect } from '@jest/globals';
import { aDelete, aGap, anUpsert } from './a-change.ts';
import { RETENTION_DAYS, type ContractTests } from './context.ts';
import { allPages, readFeed, replayed } from './reading.ts';

const DAY_MS = 86_400_000;
const afterDays = (days: number) => new Date(Date.now() + days * DAY_MS);

export const retentionTests: ContractTests = {
  'shows no post that has expired': async ({ store, post, host }) => {
    const from = await store.head();
    const [expired, kept] = [post(), post()];
    const changes = [
      anUpsert(expired, { expiresAt: Date.now() - 1 }),
      anUpsert(kept, { expiresAt: Date.now() + DAY_MS }),
    ];
    expect(await store.apply(changes)).toEqual(['created', 'created']);
    expect(await store.get(expired.id)).toBeUndefined();
    expect(await allPages(store, { instance: [host] })).toEqual([kept]);
    expect([...replayed(await readFeed(store, from)).values()]).toEqual([kept]);
  },

  'removes posts that have expired, and says nothing of it': {
    needs: 'prune',
    run: async ({ fresh, post }) => {
      const store = await (await fresh()).open();
      const from = await store.head();
      const [expiring, kept] = [post({ text: 'sesame' }), post()];
      await store.apply([anUpsert(expiring, { expiresAt: Date.now() + DAY_MS }), anUpsert(kept)]);
      expect(await store.prune(afterDays(0))).toBe(0);
      expect(await store.prune(afterDays(1.1))).toBe(1);
      expect(await store.get(expiring.id)).toBeUndefined();
      expect(await allPages(store, { keyword: ['sesame'] })).toEqual([]);
      expect((await readFeed(store, from)).map(({ type, json }) => [type, json])).toEqual([
        ['post', JSON.stringify(kept)],
      ]);
      expect(await store.counts()).toMatchObject({ posts: 1 });
      await store.close();
    },
  },

  'removes what is older than it keeps posts': {
    needs: 'prune',
    run: async ({ fresh, post }) => {
      const store = await (await fresh()).open();
      const posts = Array.from({ length: 250 }, () => post());
      await store.apply([...posts.map((each) => anUpsert(each)), aGap()]);
      expect(await store.prune(afterDays(RETENTION_DAYS - 0.1))).toBe(0);
      expect(await store.prune(afterDays(RETENTION_DAYS + 0.1))).toBe(250);
      expect(await store.counts()).toMatchObject({ posts: 0, feed: 0, gaps: 0 });
      expect((await store.page({ filter: {}, limit: 10 })).posts).toEqual([]);
      await store.close();
    },
  },

  'keeps the ids of deleted posts twice as long': {
    needs: 'prune',
    run: async ({ fresh, post }) => {
      const store = await (await fresh()).open();
      const [deleted, early] = [post(), post()];
      await store.apply([anUpsert(deleted), aDelete(deleted), aDelete(early)]);
      await store.prune(afterDays(2 * RETENTION_DAYS - 0.1));
      expect(await store.apply([anUpsert(deleted)])).toEqual(['tombstoned']);
      expect(await store.counts()).toMatchObject({ feed: 0, tombstones: 2 });
      await store.prune(afterDays(2 * RETENTION_DAYS + 0.1));
      expect(await store.counts()).toMatchObject({ tombstones: 0 });
      expect(await store.apply([anUpsert(deleted), anUpsert(early)])).toEqual(['created', 'created']);
      await store.close();
    },
  },
};
