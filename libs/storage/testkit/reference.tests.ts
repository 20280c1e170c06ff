import { expect } from '@jest/globals';
import type { Post } from '@hub/contracts';
import { aDelete, anUpsert } from './a-change.ts';
import { embedded, type PostFields } from './a-post.ts';
import type { ContractTests, StorageContext } from './context.ts';
import { allPages, event, readFeed, replayed } from './reading.ts';

const DELETED_QUOTE = { state: 'deleted', quoted_status: null, quoted_status_id: null };

function boostOf(context: StorageContext, target: Post, fields: PostFields = {}): Post {
  return context.post({ text: '', reblog: embedded(target), ...fields });
}

function quoteOf(context: StorageContext, target: Post, text: string): Post {
  const quote = { state: 'accepted', quoted_status: embedded(target), quoted_status_id: target.hub.local_id };
  return context.post({ text, quote });
}

export const referenceTests: ContractTests = {
  'removes boosts of a deleted post': async (context) => {
    const { store, post } = context;
    const target = post();
    const boost = boostOf(context, target);
    await store.apply([anUpsert(target), anUpsert(boost)]);
    const from = await store.head();
    expect(await store.apply([aDelete(target)])).toEqual(['deleted']);
    expect(await store.get(boost.id)).toBeUndefined();
    const feed = (await readFeed(store, from)).map(event);
    expect(feed).toEqual([target, boost].map(({ id, uri }) => ({ type: 'delete', data: { id, uri } })));
    expect(await store.apply([anUpsert(boost)])).toEqual(['tombstoned']);
  },

  'takes a deleted post out of posts that quote it': async (context) => {
    const { store, post } = context;
    const target = post({ text: 'regretted' });
    const quoting = quoteOf(context, target, 'my own words');
    await store.apply([anUpsert(target), anUpsert(quoting)]);
    const from = await store.head();
    await store.apply([aDelete(target)]);
    const without = { ...quoting, quote: DELETED_QUOTE };
    expect(await store.get(quoting.id)).toEqual(without);
    expect((await readFeed(store, from)).map(event).at(-1)).toEqual({ type: 'edit', data: without });
    expect(await store.apply([anUpsert(quoting)])).toEqual(['stale']);
  },

  'takes it out of a boosted quote too': async (context) => {
    const { store, post } = context;
    const target = post({ text: 'regretted' });
    const quoting = quoteOf(context, target, 'words');
    const boost = boostOf(context, quoting);
    const change = anUpsert(boost);
    const quote = { kind: 'quote', uri: target.uri, localId: target.hub.local_id } as const;
    await store.apply([{ ...change, references: [...change.references, quote] }, anUpsert(target), aDelete(target)]);
    expect((await store.get(boost.id))?.reblog?.quote).toEqual(DELETED_QUOTE);
  },

  'keeps out what embeds a post that was deleted before': async (context) => {
    const { store, post } = context;
    const target = post();
    const [boost, quoting] = [boostOf(context, target), quoteOf(context, target, 'still here')];
    await store.apply([anUpsert(target), aDelete(target)]);
    expect(await store.apply([anUpsert(boost), anUpsert(quoting)])).toEqual(['tombstoned', 'created']);
    expect(await store.get(quoting.id)).toEqual({ ...quoting, quote: DELETED_QUOTE });
  },

  'finds an embedded post that was never stored itself by its local id': async (context) => {
    const { store, post } = context;
    const target = post();
    const [boost, quoting] = [boostOf(context, target), quoteOf(context, target, 'words')];
    await store.apply([anUpsert(boost), anUpsert(quoting)]);
    expect(await store.apply([aDelete(target)])).toEqual(['buried']);
    expect(await store.get(boost.id)).toBeUndefined();
    expect((await store.get(quoting.id))?.quote).toEqual(DELETED_QUOTE);
  },

  'learns from a boost which post an early deletion meant': async (context) => {
    const { store, post, host } = context;
    const target = post();
    const elsewhere = boostOf(context, target, { hub: { source: `b.${host}` } });
    const seen = anUpsert(elsewhere, { references: [{ kind: 'boost', uri: target.uri, localId: 'b7' }] });
    expect(await store.apply([aDelete(target), seen])).toEqual(['buried', 'created']);
    expect(await store.apply([anUpsert(boostOf(context, target))])).toEqual(['tombstoned']);
    expect(await store.get(elsewhere.id)).toBeUndefined();
  },

  'leaves no word of a deleted post anywhere': async (context) => {
    const { store, post, host } = context;
    const from = await store.head();
    const secret = `zanzibar${host.replace(/\W/g, '')}`;
    const target = post({ text: `first ${secret}` });
    const edit = { ...target, content: `second ${secret}`, edited_at: '2026-11-01T13:00:00.000Z' };
    const quoting = quoteOf(context, target, 'own words');
    // This version quotes no more, but the one before it did.
    const free = { ...quoting, quote: null, content: 'free', edited_at: '2026-11-01T13:00:00.000Z' };
    const still = quoteOf(context, edit, 'other words');
    await store.apply([target, quoting, boostOf(context, target), edit, free, still].map((each) => anUpsert(each)));
    expect(await allPages(store, { keyword: [secret] })).toHaveLength(1);
    await store.apply([aDelete(target)]);
    expect(await allPages(store, { keyword: [secret] })).toEqual([]);
    expect(JSON.stringify(await allPages(store, {}))).not.toContain(secret);
    const feed = await readFeed(store, from);
    expect(JSON.stringify(feed)).not.toContain(secret);
    expect([...replayed(feed).keys()].sort()).toEqual([free.uri, still.uri].sort());
  },
};
