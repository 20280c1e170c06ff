import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compileFilter } from './compile-filter.ts';
import { languageRange } from './filter-values.ts';
import { filterSchema } from './filter-schema.ts';
import type { Post } from './post.ts';

interface Vectors {
  posts: Record<string, Post>;
  cases: { filter: unknown; matches: string[] }[];
  invalid: unknown[];
}

const file = new URL('../../../test/vectors/filters.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

describe('filters', () => {
  it.each(vectors.cases)('$filter passes $matches', ({ filter, matches }) => {
    const test = compileFilter(filterSchema.parse(filter));
    const passed = Object.entries(vectors.posts).filter(([, post]) => test(post));
    expect(passed.map(([name]) => name)).toEqual(matches);
  });

  it.each(vectors.invalid.map((filter) => ({ filter })))('$filter is none', ({ filter }) => {
    expect(filterSchema.safeParse(filter).success).toBe(false);
  });

  it('reads its own output as the same filter', () => {
    for (const { filter } of vectors.cases) {
      const parsed = filterSchema.parse(filter);
      expect(filterSchema.parse(parsed)).toEqual(parsed);
    }
  });

  it('finds a language by each of its ranges', () => {
    expect(languageRange('zh-Hant-TW')).toEqual(['zh-hant-tw', 'zh-hant', 'zh']);
  });

  it('sees what an edited post says, though the words of the post before are known', () => {
    const test = compileFilter({ keyword: ['cats'] });
    const post = vectors.posts['cats']!;
    expect(test(post)).toBe(true);
    expect(test({ ...post, hub: { ...post.hub, text: 'dogs' } })).toBe(false);
    expect(test(post)).toBe(true);
  });

  it.each([
    ['a long phrase', { keyword: ['a '.repeat(21)] }],
    [
      'many values',
      Object.fromEntries(
        ['language', 'hashtag', 'instance', 'account', 'mention'].map((f) => [f, Array(99).fill('x')]),
      ),
    ],
    [
      'many values in two parts',
      {
        hashtag: Array(100).fill('x'),
        not: {
          hashtag: Array(100).fill('x'),
          keyword: Array(100).fill('x'),
          account: Array(100).fill('x'),
          mention: ['x'],
        },
      },
    ],
    ['a kind again and again', { media: Array(6).fill('image') }],
  ])('costs too much with %s', (_, filter) => {
    expect(filterSchema.safeParse(filter).success).toBe(false);
  });

  it('is as quick with the worst that it may be, on a text made for it, as words are many', () => {
    const keyword = Array.from({ length: 100 }, (_, n) => `${'a '.repeat(19)}b${n}`);
    const test = compileFilter(filterSchema.parse({ keyword }));
    const started = process.cpuUsage().user;
    expect(test({ ...vectors.posts['cats']!, hub: { ...vectors.posts['cats']!.hub, text: 'a '.repeat(5000) } })).toBe(
      false,
    );
    expect(process.cpuUsage().user - started).toBeLessThan(3_000_000);
  });
});
