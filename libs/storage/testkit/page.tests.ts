import { expect } from '@jest/globals';
import { compileFilter, MEDIA_KINDS, searches, type Filter, type Post } from '@hub/contracts';
import * as fc from 'fast-check';
import { aDelete, anUpsert } from './a-change.ts';
import { aPost, type PostFields } from './a-post.ts';
import type { ContractTests, StorageContext } from './context.ts';
import { allPages, event, readFeed } from './reading.ts';

const RUNS = 60;

// Words that stores like to take apart or fold: scripts without spaces, marks, ligatures, what search engines command.
const WORDS = [
  'cat',
  'Cats',
  'café',
  'cafe',
  '猫',
  '猫犬',
  'ネコ',
  'แมว',
  'Straße',
  'STRASSE',
  'ΣΊΣΥΦΟΣ',
  'σίσυφος',
  'İstanbul',
];
const SIGNS = [
  'AND',
  'NOT',
  'NEAR',
  '"cat"',
  'cat*',
  "o'clock",
  'a-b',
  'ﬁn',
  '٣',
  '🐈',
  '-',
  '^cat',
  'words:cat',
  'e\u0301',
];
const word = fc.constantFrom(...WORDS, ...SIGNS);
const text = fc.array(word, { maxLength: 6 }).map((all) => all.join(' '));
const language = fc.constantFrom('en', 'pt', 'pt-BR', 'zh-Hant-TW', 'EN');
const tag = fc.constantFrom('cats', 'Cats', '猫', 'straße');
const host = fc.constantFrom('a.example', 'b.example');
const name = fc.constantFrom('ada', 'Bob');
const media = fc.uniqueArray(fc.constantFrom(...MEDIA_KINDS), { maxLength: 2 });

const fields: fc.Arbitrary<PostFields> = fc.record({
  text,
  spoiler_text: text,
  sensitive: fc.boolean(),
  language: fc.option(language, { nil: null }),
  created_at: fc.integer({ min: 10, max: 59 }).map((second) => `2026-11-01T12:00:${second}.000Z`),
  in_reply_to_id: fc.constantFrom(null, '7'),
  tags: fc.uniqueArray(tag, { maxLength: 2 }).map((names) => names.map((name) => ({ name, url: '' }))),
  mentions: fc.array(fc.tuple(name, fc.option(host, { nil: null })).map(aMention), { maxLength: 2 }),
  account: fc.record({ acct: fc.tuple(name, host).map((parts) => parts.join('@')), bot: fc.boolean() }),
  hub: fc.record({ searchable: fc.boolean(), media, source: fc.constant('a.example') }),
});

function aMention([username, at]: [string, string | null]) {
  const acct = at === null ? username : `${username}@${at}`;
  return { id: '1', username, acct, url: `https://${at ?? 'a.example'}/@${username}` };
}

const some = <T>(values: fc.Arbitrary<T>) => fc.array(values, { minLength: 1, maxLength: 3 });
const keyword = some(
  fc.oneof(
    word,
    text.filter((phrase) => phrase !== ''),
  ),
);
const lists = {
  keyword,
  language: some(fc.oneof(language, fc.constantFrom('zh', 'zh-hant'))),
  hashtag: some(fc.oneof(tag, fc.constant('#CATS'))),
  instance: some(fc.oneof(host, fc.constant('B.example'))),
  account: some(fc.constantFrom('ada@a.example', '@Bob@b.example', 'nobody@a.example')),
  mention: some(fc.constantFrom('ada@a.example', '@bob@b.example', 'https://b.example/@Bob')),
};
const not = fc.record({ ...lists, media: some(fc.constantFrom(...MEDIA_KINDS)) }, { requiredKeys: [] });
const min_length = fc.nat(40);
const manyFields: fc.Arbitrary<Filter> = fc.record(
  {
    ...lists,
    media: fc.oneof(fc.boolean(), some(fc.constantFrom(...MEDIA_KINDS))),
    reply: fc.boolean(),
    sensitive: fc.boolean(),
    bot: fc.boolean(),
    min_length,
    not,
  },
  { requiredKeys: [] },
);
// Many fields together find little: a field alone shows more of what it finds.
const filter: fc.Arbitrary<Filter> = fc.oneof(
  manyFields,
  fc.record({ keyword }),
  fc.record({ not }),
  fc.record({ min_length }),
);

function numbered(fields: PostFields, n: number): Post {
  return aPost({ ...fields, uri: `https://a.example/${n}`, hub: { ...fields.hub, local_id: String(n) } });
}

/** What a page must find, in no order. */
function expected(posts: Iterable<Post>, filter: Filter): string[] {
  const test = compileFilter(filter);
  const found = [...posts].filter((post) => test(post) && (!searches(filter) || post.hub.searchable));
  return found.map(({ id }) => id).sort();
}

async function findsWhatFiltersAccept({ fresh }: StorageContext): Promise<void> {
  const store = await (await fresh()).open();
  const posts = new Map<string, Post>();
  const step = fc.record({ added: fc.array(fields, { maxLength: 6 }), filters: some(filter) });
  await fc.assert(
    fc.asyncProperty(step, fc.integer({ min: 1, max: 40 }), async ({ added, filters }, limit) => {
      const batch = added.map((each, i) => numbered(each, posts.size + i));
      await store.apply(batch.map((post) => anUpsert(post)));
      for (const post of batch) posts.set(post.id, post);
      for (const each of filters) {
        const found = await allPages(store, each, limit);
        expect(found.map(({ id }) => id).sort()).toEqual(expected(posts.values(), each));
        const times = found.map(({ created_at }) => created_at);
        expect(times).toEqual(times.toSorted().toReversed());
      }
    }),
    { numRuns: RUNS },
  );
  await store.close();
}

/** Pages between two posts, and of a post that is gone, beside the same cut out of all of them. */
async function findsBetweenIds({ store, post, host }: StorageContext): Promise<void> {
  const filter = { instance: [host] };
  const times = Array.from({ length: 30 }, (_, n) => `2026-11-01T12:00:${String(10 + Math.floor(n / 3))}.${n % 3}00Z`);
  const posts = times.map((time, n) =>
    post({ created_at: time, tags: n % 2 === 0 ? [{ name: 'even', url: '' }] : [] }),
  );
  await store.apply(posts.map((each) => anUpsert(each)));
  const place = fc.option(fc.nat(29), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(place, place, fc.integer({ min: 1, max: 40 }), fc.boolean(), fc.boolean(), async (...args) => {
      const [older, newer, limit, oldest, even] = args;
      const wanted = even ? { ...filter, hashtag: ['even'] } : filter;
      const bounds = {
        ...(older !== undefined && { olderThan: posts[older]!.id }),
        ...(newer !== undefined && { newerThan: posts[newer]!.id }),
      };
      const between = posts.filter((_, n) => (!even || n % 2 === 0) && n < (older ?? Infinity) && n > (newer ?? -1));
      const cut = oldest ? between.slice(0, limit) : between.slice(-limit);
      const page = await store.page({ filter: wanted, limit, oldest, ...bounds });
      expect(page.posts.map(({ id }) => id)).toEqual(cut.map(({ id }) => id).toReversed());
    }),
    { numRuns: RUNS },
  );
  const gone = posts[15]!;
  await store.apply([aDelete(gone)]);
  const around = async (bounds: object) =>
    (await store.page({ filter, limit: 40, ...bounds })).posts.map(({ created_at }) => created_at.slice(17, 19));
  expect(new Set(await around({ olderThan: gone.id }))).toEqual(new Set(['10', '11', '12', '13', '14', '15']));
  expect(new Set(await around({ newerThan: gone.id }))).toEqual(new Set(['15', '16', '17', '18', '19']));
  await expect(store.page({ filter, limit: 1, olderThan: 'nonsense' })).rejects.toMatchObject({
    code: 'invalid_cursor',
  });
}

export const pageTests: ContractTests = {
  'finds what lies between two posts, the newest or the oldest of it': findsBetweenIds,

  'finds by a filter exactly what the filter accepts': findsWhatFiltersAccept,

  'finds whole words and phrases, whatever else is asked for': async ({ store, post, host }) => {
    await store.apply([anUpsert(post({ text: 'Concatenate two-word phrases. No catalogue!' }))]);
    const found = async (keyword: string) =>
      (await allPages(store, { keyword: [keyword], account: [`ada@${host}`], instance: [host] })).length;
    expect(await Promise.all(['two word', 'PHRASES no', 'catalogue'].map(found))).toEqual([1, 1, 1]);
    expect(await Promise.all(['cat', 'word two', 'phrase', 'two phrases', 'log'].map(found))).toEqual([0, 0, 0, 0, 0]);
  },

  'finds words of every script as the hub reads them': async ({ fresh, post }) => {
    const store = await (await fresh()).open();
    await store.apply([anUpsert(post({ text: 'café Straße ΣΊΣΥΦΟΣ 猫犬 แมว e\u0301tude ﬁn' }))]);
    const found = async (keyword: string) => (await allPages(store, { keyword: [keyword] })).length;
    const there = ['CAFÉ', 'straße', 'Σίσυφος', '猫', '犬', '猫犬', 'แ', '\u00e9tude', 'fin'];
    expect(await Promise.all(there.map(found))).toEqual(there.map(() => 1));
    const absent = ['cafe', 'strasse', 'σισυφος', '犬猫', 'etude', '猫*', 'caf'];
    expect(await Promise.all(absent.map(found))).toEqual([0, 0, 0, 0, 0, 1, 0]);
    await store.close();
  },

  'shows the newest first, page by page, with the position of the feed': async ({ store, post, host }) => {
    const hours = [3, 1, 5, 2, 4].map((hour) => post({ created_at: `2026-11-01T0${hour}:00:00.000Z` }));
    await store.apply(hours.map((each) => anUpsert(each)));
    const wanted = hours.toSorted((a, b) => b.created_at.localeCompare(a.created_at));
    const first = await store.page({ filter: { instance: [host] }, limit: 2 });
    expect(first).toEqual({ posts: wanted.slice(0, 2), before: expect.any(String), cursor: expect.any(String) });
    // A post that comes in between changes nothing of the older pages.
    const newer = post({ created_at: '2026-11-01T09:00:00.000Z' });
    await store.apply([anUpsert(newer)]);
    expect((await readFeed(store, first.cursor)).map(event)).toEqual([{ type: 'post', data: newer }]);
    const rest = await store.page({ filter: { instance: [host] }, limit: 3, before: first.before ?? '' });
    expect(rest).toMatchObject({ posts: wanted.slice(2), before: null });
  },

  'finds an edited post by what it says now': async ({ store, post, host }) => {
    const tagged = (name: string) => ({ tags: [{ name, url: '' }] });
    const old = post({ text: `alpha${host.length}`, language: 'pt', ...tagged('before') });
    await store.apply([anUpsert(old)]);
    const next = post({
      ...old,
      ...tagged('after'),
      language: 'de',
      text: 'omega',
      edited_at: '2026-11-01T13:00:00.000Z',
      hub: { source: host, local_id: old.hub.local_id },
    });
    await store.apply([anUpsert(next, { edited: true })]);
    const found = async (filter: Filter) => (await allPages(store, { instance: [host], ...filter })).length;
    expect(await found({ keyword: [`alpha${host.length}`] })).toBe(0);
    expect(await found({ hashtag: ['before'] })).toBe(0);
    expect(await found({ language: ['pt'] })).toBe(0);
    expect(await found({ keyword: ['omega'], hashtag: ['after'], language: ['de'] })).toBe(1);
  },

  'refuses a place that is not of an earlier page': async ({ store }) => {
    for (const before of ['', 'nonsense', '0']) {
      await expect(store.page({ filter: {}, limit: 1, before })).rejects.toMatchObject({ code: 'invalid_cursor' });
    }
  },
};
