import { expect } from '@jest/globals';
import type { Post } from '@hub/contracts';
import { aDelete, aGap, anUpsert } from './a-change.ts';
import { embedded } from './a-post.ts';
import type { ContractTests } from './context.ts';
import { event, readFeed } from './reading.ts';

export const recordTests: ContractTests = {
  'keeps checkpoints by name': async ({ store, host }) => {
    expect(await store.checkpoints.get(host)).toBeUndefined();
    await store.checkpoints.set(host, 'one');
    await store.checkpoints.set(host, 'two');
    await store.checkpoints.set(`${host}/other`, 'three');
    expect(await store.checkpoints.get(host)).toBe('two');
  },

  'keeps gaps, the newest first, each once': async ({ store, host }) => {
    const from = await store.head();
    const day = (n: number) => aGap({ source: host, from: `2026-12-0${n}T00:00:00.000Z` });
    const widened = { ...day(1), gap: { ...day(1).gap, reason: 'restarted' } };
    expect(await store.apply([day(1), day(2), widened])).toEqual(['gap', 'gap', 'stale']);
    const gaps = (await store.gaps(50)).filter(({ source }) => source === host);
    expect(gaps).toEqual([day(2).gap, day(1).gap]);
    expect(await store.gaps(1)).toEqual([day(2).gap]);
    expect((await readFeed(store, from)).map(event)).toEqual(
      [day(1), day(2)].map(({ gap }) => ({ type: 'gap', data: gap })),
    );
  },

  'closes a gap once, whichever is told first': async ({ store, host }) => {
    const from = await store.head();
    const open = (n: number) => aGap({ source: host, from: `2026-12-0${n}T00:00:00.000Z` });
    const closed = (n: number) => ({ ...open(n), gap: { ...open(n).gap, closed_at: `2026-12-09T00:00:0${n}.000Z` } });
    expect(await store.apply([open(1)])).toEqual(['gap']);
    expect(await store.apply([closed(1), open(1), closed(1)])).toEqual(['gap', 'stale', 'stale']);
    expect(await store.apply([closed(2), open(2)])).toEqual(['gap', 'stale']);
    expect(await store.apply([open(3), closed(3)])).toEqual(['gap', 'gap']);
    const gaps = (await store.gaps(50)).filter(({ source }) => source === host);
    expect(gaps).toEqual([3, 2, 1].map((n) => closed(n).gap));
    const told = (await readFeed(store, from)).map((entry) => event(entry).data);
    for (const n of [1, 2, 3]) expect(told.filter((data) => 'closed_at' in data)).toContainEqual(closed(n).gap);
    expect(told.at(0)).toEqual(open(1).gap);
    expect(told.at(-1)).toEqual(closed(3).gap);
  },

  'names the posts last stored from a source': async ({ store, post, host }) => {
    const hour = (n: number) => post({ created_at: `2026-11-01T0${n}:00:00.000Z` });
    const [gone, older, newer] = [hour(1), hour(2), hour(3)];
    for (const each of [gone, older, newer]) await store.apply([anUpsert(each)]);
    await store.apply([anUpsert(newer, { source: `b.${host}`, localId: 'b3' }), aDelete(gone)]);
    const named = ({ uri, created_at, hub }: Post, localId = hub.local_id) => ({
      localId,
      uri,
      at: Date.parse(created_at),
    });
    expect(await store.observed(host, 10)).toEqual([named(newer), named(older)]);
    expect(await store.observed(host, 1)).toEqual([named(newer)]);
    expect(await store.observed(`b.${host}`, 10)).toEqual([named(newer, 'b3')]);
    expect(await store.observed('unheard.example', 10)).toEqual([]);
  },

  'knows what each source calls a post that it has shown': async ({ store, post, host }) => {
    const [one, other] = [post(), post()];
    const elsewhere = anUpsert(one, { source: `b.${host}`, localId: 'b1' });
    const boosting = post({ text: '', reblog: embedded(one), hub: { source: `c.${host}` } });
    const boost = { kind: 'boost', uri: one.uri, localId: 'c9' } as const;
    await store.apply([
      anUpsert(boosting, { references: [boost] }),
      anUpsert(one),
      elsewhere,
      elsewhere,
      anUpsert(other),
    ]);
    const names = async (source: string, localId: string) => {
      const named = await store.named(source, localId);
      expect(named?.uri).toBe(one.uri);
      return named?.names.map((name) => `${name.source} ${name.localId}`).sort();
    };
    const shown = [`${host} ${one.hub.local_id}`, `b.${host} b1`].sort();
    expect(await names(host, one.hub.local_id)).toEqual(shown);
    expect(await names(`b.${host}`, 'b1')).toEqual(shown);
    expect(await names(`c.${host}`, 'c9')).toEqual(shown);
    // A source that embedded it at first, and shows it now.
    await store.apply([anUpsert(one, { source: `c.${host}`, localId: 'c9' })]);
    expect(await names(host, one.hub.local_id)).toEqual([...shown, `c.${host} c9`].sort());
    expect(await store.named(host, 'unheard')).toBeUndefined();
    await store.apply([{ kind: 'delete', source: `b.${host}`, localId: 'b1' }]);
    expect(await store.named(host, one.hub.local_id)).toBeUndefined();
  },

  'counts what it holds': async ({ fresh, post }) => {
    const store = await (await fresh()).open();
    const [one, two] = [post(), post()];
    await store.apply([anUpsert(one), anUpsert(two), aDelete(two), aGap(), aDelete(post())]);
    expect(await store.counts()).toEqual({ posts: 1, feed: 3, tombstones: 2, gaps: 1 });
    await store.close();
  },

  'holds everything after it was opened again': async ({ fresh, post }) => {
    const site = await fresh();
    const before = await site.open();
    const [one, gone] = [post(), post()];
    await before.apply([anUpsert(one), anUpsert(gone), aDelete(gone), aGap()]);
    await before.checkpoints.set('a', '1');
    const head = await before.head();
    await before.close();
    const after = await site.open();
    expect(await after.get(one.id)).toEqual(one);
    expect(await after.checkpoints.get('a')).toBe('1');
    expect(await after.gaps(5)).toHaveLength(1);
    expect(await after.apply([anUpsert(one), anUpsert(gone), aGap()])).toEqual(['stale', 'tombstoned', 'stale']);
    for (const from of [head, await after.head()]) expect(await readFeed(after, from)).toEqual([]);
    await after.close();
    await expect(after.head()).rejects.toMatchObject({ code: 'shutting_down' });
  },
};
