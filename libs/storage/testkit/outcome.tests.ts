import { expect } from '@jest/globals';
import { aDelete, aGap, anUpsert } from './a-change.ts';
import { aPost } from './a-post.ts';
import type { ContractTests } from './context.ts';
import { readFeed, replayed } from './reading.ts';

const AT = Date.parse('2026-11-01T12:00:00.000Z');

export const outcomeTests: ContractTests = {
  'stores a post once, as it came': async ({ store, post }) => {
    const first = post();
    expect(await store.apply([anUpsert(first)])).toEqual(['created']);
    expect(await store.apply([anUpsert(first), anUpsert(first)])).toEqual(['stale', 'stale']);
    expect(await store.get(first.id)).toEqual(first);
    expect(await store.get('no such id')).toBeUndefined();
  },

  'lets the newer version win, whichever comes first': async ({ store, post }) => {
    const old = post({ text: 'old' });
    const edited = { ...old, content: '<p>new</p>', edited_at: '2026-11-01T12:10:00.000Z' };
    expect(await store.apply([anUpsert(edited, { edited: true }), anUpsert(old)])).toEqual(['created', 'stale']);
    const newest = { ...edited, content: '<p>newest</p>', edited_at: '2026-11-01T12:20:00.000Z' };
    expect(await store.apply([anUpsert(newest)])).toEqual(['edited']);
    expect(await store.get(old.id)).toEqual(newest);
  },

  'orders versions of one time by their sequence, edits after first sights': async ({ store, post }) => {
    const first = post({ text: 'one' });
    const said = (text: string, sequence: number, edited = true) =>
      anUpsert({ ...first, content: text }, { edited, fingerprint: text, version: { at: AT, sequence } });
    expect(await store.apply([said('one', 5, false), said('two', 6, false)])).toEqual(['created', 'stale']);
    expect(await store.apply([said('three', 7), said('two', 6), said('three', 9)])).toEqual([
      'edited',
      'stale',
      'stale',
    ]);
    // Nine said what was stored, and so outranks eight.
    expect(await store.apply([said('eight', 8), said('one', 5, false)])).toEqual(['stale', 'stale']);
    expect((await store.get(first.id))?.content).toBe('three');
    expect(await store.apply([said('ten', 10)])).toEqual(['edited']);
  },

  'keeps the identity of the first sight': async ({ store, post, host }) => {
    const first = post({ in_reply_to_id: '77' });
    const elsewhere = aPost({
      uri: first.uri,
      edited_at: '2026-11-01T13:00:00.000Z',
      text: 'edited',
      in_reply_to_id: '88',
      mentions: [{ id: '1', username: 'bob', acct: 'bob', url: 'https://other.example/@bob' }],
      hub: { source: `other.${host}`, local_id: 'x9' },
    });
    const other = { ...elsewhere, id: 'another-id' };
    expect(await store.apply([anUpsert(first), anUpsert(other)])).toEqual(['created', 'edited']);
    expect(await store.get('another-id')).toBeUndefined();
    const stored = await store.get(first.id);
    expect(stored).toMatchObject({ id: first.id, content: '<p>edited</p>', in_reply_to_id: '77' });
    expect(stored?.hub).toMatchObject({ source: host, local_id: first.hub.local_id });
    expect(stored?.mentions[0]?.acct).toBe(`bob@other.${host}`);
  },

  'deletes by what any source calls the post': async ({ store, post, host }) => {
    const first = post();
    const again = anUpsert(first, { source: `b.${host}`, localId: 'b1' });
    expect(await store.apply([anUpsert(first), again])).toEqual(['created', 'stale']);
    const deletion = { kind: 'delete', source: `b.${host}`, localId: 'b1' } as const;
    expect(await store.apply([deletion, deletion, aDelete(first)])).toEqual(['deleted', 'stale', 'stale']);
    expect(await store.get(first.id)).toBeUndefined();
    const later = { ...first, edited_at: '2026-11-02T00:00:00.000Z' };
    expect(await store.apply([anUpsert(later, { edited: true }), again])).toEqual(['tombstoned', 'tombstoned']);
  },

  'remembers a deletion that came before the post': async ({ store, post }) => {
    const first = post();
    expect(await store.apply([aDelete(first), aDelete(first)])).toEqual(['buried', 'stale']);
    expect(await store.apply([anUpsert(first)])).toEqual(['tombstoned']);
    expect(await store.get(first.id)).toBeUndefined();
  },

  'learns late which post an early deletion meant': async ({ store, post, host }) => {
    const from = await store.head();
    const first = post();
    const elsewhere = anUpsert(first, { source: `b.${host}`, localId: 'b1' });
    expect(await store.apply([aDelete(first), elsewhere])).toEqual(['buried', 'created']);
    expect(await store.apply([anUpsert(first)])).toEqual(['tombstoned']);
    expect(await store.get(first.id)).toBeUndefined();
    expect(replayed(await readFeed(store, from)).size).toBe(0);
  },

  'applies in order within a call, and tells of each on the feed': async ({ store, post, host }) => {
    const from = await store.head();
    const [one, two] = [post(), post()];
    const edit = { ...two, content: 'edited', edited_at: '2026-11-01T13:00:00.000Z' };
    const gap = aGap({ source: host });
    const outcomes = await store.apply([anUpsert(one), gap, anUpsert(two), anUpsert(edit), aDelete(one), gap]);
    expect(outcomes).toEqual(['created', 'gap', 'created', 'edited', 'deleted', 'stale']);
    const feed = await readFeed(store, from);
    expect(feed.at(-1)).toMatchObject({ type: 'delete', json: JSON.stringify({ id: one.id, uri: one.uri }) });
    expect(feed.map(({ type }) => type)).toEqual(expect.arrayContaining(['gap', 'edit', 'delete']));
    expect([...replayed(feed).values()]).toEqual([edit]);
  },

  'adds nothing to the feed for what changes nothing': async ({ store, post }) => {
    const [one, gone] = [post(), post()];
    await store.apply([anUpsert(one), anUpsert(gone), aDelete(gone)]);
    const from = await store.head();
    await store.apply([anUpsert(one), anUpsert(gone), aDelete(gone), anUpsert(one, { edited: true })]);
    expect(await readFeed(store, from)).toEqual([]);
  },

  'takes many calls at once': async ({ store, post, host }) => {
    const posts = Array.from({ length: 200 }, () => post());
    const outcomes = await Promise.all(posts.map((each) => store.apply([anUpsert(each)])));
    expect(outcomes.flat()).toEqual(posts.map(() => 'created'));
    const page = await store.page({ filter: { instance: [host] }, limit: 300 });
    expect(new Set(page.posts.map(({ id }) => id))).toEqual(new Set(posts.map(({ id }) => id)));
  },

  'applies nothing of nothing': async ({ store }) => {
    expect(await store.apply([])).toEqual([]);
  },
};
