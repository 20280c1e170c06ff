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
});
