import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Filter } from '@hub/client';
import { readFilter, withField, writeFilter } from './filter-url.ts';
import { filterParts, filterTitle } from './filter-words.ts';

const word = fc.stringMatching(/^[^\s,]{1,20}$/);
const list = fc.uniqueArray(word, { minLength: 1, maxLength: 3 });
const kinds = fc.uniqueArray(fc.constantFrom('image', 'gifv', 'video', 'audio', 'unknown'), { minLength: 1 });
const lists = { language: list, hashtag: list, instance: list, account: list, mention: list, keyword: list };
const filters = fc.record(
  {
    ...lists,
    media: fc.oneof(fc.boolean(), kinds),
    reply: fc.boolean(),
    sensitive: fc.boolean(),
    bot: fc.boolean(),
    min_length: fc.integer({ min: 1, max: 1000 }),
    not: fc.record({ ...lists, media: kinds }, { requiredKeys: ['language'] }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Filter>;

describe('the filter in the address', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(readFilter(new URLSearchParams(writeFilter(filter).toString()))).toEqual(filter);
      }),
    );
  });

  it('takes the names of the REST API, also with commas, and leaves out what is none', () => {
    const parameters = new URLSearchParams('language=en,de&language=en&hashtag=&media=image&bot=perhaps&view=wall&x=1');
    expect(readFilter(parameters)).toEqual({ language: ['en', 'de'], media: ['image'] });
  });

  it('has fields set and taken back', () => {
    expect(withField({ bot: true }, 'language', ['en'])).toEqual({ bot: true, language: ['en'] });
    expect(withField({ bot: true, language: ['en'] }, 'language', [])).toEqual({ bot: true });
  });
});

describe('a filter in words', () => {
  it('has a part for each value, which can be taken back', () => {
    const parts = filterParts({ language: ['en', 'de'], hashtag: ['#cats'], bot: false });
    expect(parts.map(({ words }) => words)).toEqual(['English', 'German', '#cats', 'no bots']);
    expect(parts[0]?.without).toEqual({ language: ['de'], hashtag: ['#cats'], bot: false });
    expect(parts[3]?.without).toEqual({ language: ['en', 'de'], hashtag: ['#cats'] });
  });

  it('tells of every filter', () => {
    fc.assert(fc.property(filters, (filter) => expect(filterTitle(filter)).not.toBe('')));
    expect(filterTitle({})).toBe('All posts');
  });
});
