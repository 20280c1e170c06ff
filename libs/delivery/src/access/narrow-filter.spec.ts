import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFilter, type Filter, type Post } from '@hub/contracts';
import { aPost } from '@hub/storage/testkit';
import { narrowFilter } from './narrow-filter.ts';

const some = <T>(...values: T[]) => fc.option(fc.subarray(values, { minLength: 1 }), { nil: undefined });
const lists = {
  language: some('en', 'de', 'pt'),
  hashtag: some('cats', '#Dogs'),
  instance: some('a.example', 'b.example'),
  keyword: some('good', 'good morning'),
};
const kinds = some<'image' | 'video' | 'audio'>('image', 'video', 'audio');
const flag = fc.option(fc.boolean(), { nil: undefined });
const withoutUnset = (filter: object) => JSON.parse(JSON.stringify(filter)) as Filter;
const filter = fc
  .record({
    ...lists,
    media: fc.oneof(kinds, flag),
    reply: flag,
    sensitive: flag,
    bot: flag,
    min_length: fc.option(fc.nat(20), { nil: undefined }),
    not: fc.option(fc.record({ ...lists, media: kinds }), { nil: undefined }),
  })
  .map(withoutUnset);
const post: fc.Arbitrary<Post> = fc
  .record({
    language: fc.constantFrom('en', 'de', 'pt-BR', 'fr'),
    text: fc.constantFrom('good morning', 'good', 'night', ''),
    sensitive: fc.boolean(),
    in_reply_to_id: fc.constantFrom(null, '1'),
    hashtags: fc.subarray(['cats', 'dogs', 'birds']),
    instance: fc.constantFrom('a.example', 'b.example', 'c.example'),
    media: fc.subarray(['image', 'video', 'audio'] as const),
  })
  .map(({ hashtags, instance, media, ...fields }) => aPost({ ...fields, hub: { hashtags, instance, media } }));

describe('narrowFilter', () => {
  it('accepts of what is granted what is asked for, and nothing else', () => {
    fc.assert(
      fc.property(filter, filter, fc.array(post, { minLength: 1, maxLength: 20 }), (allowed, wanted, posts) => {
        let narrowed: Filter;
        try {
          narrowed = narrowFilter(allowed, wanted);
        } catch (error) {
          return expect(error).toMatchObject({ code: 'forbidden' });
        }
        const [mayRead, asksFor, gets] = [allowed, wanted, narrowed].map(compileFilter);
        for (const one of posts) expect(gets!(one)).toBe(mayRead!(one) && asksFor!(one));
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, Filter, Filter, Filter | 'forbidden']>([
    ['fills in what is not asked for', { language: ['de'] }, { hashtag: ['x'] }, { language: ['de'], hashtag: ['x'] }],
    ['lets less be asked for', { hashtag: ['Cats', 'dogs'] }, { hashtag: ['#cats'] }, { hashtag: ['#cats'] }],
    ['and no more', { hashtag: ['cats'] }, { hashtag: ['cats', 'dogs'] }, 'forbidden'],
    ['nor the opposite', { sensitive: false }, { sensitive: true }, 'forbidden'],
    ['takes kinds for any media', { media: true }, { media: ['video'] }, { media: ['video'] }],
    ['but not any media for kinds', { media: ['video'] }, { media: true }, 'forbidden'],
    ['takes the longer length', { min_length: 9 }, { min_length: 5 }, { min_length: 9 }],
    [
      'leaves out what either does',
      { not: { hashtag: ['a'] } },
      { not: { hashtag: ['b'] } },
      { not: { hashtag: ['a', 'b'] } },
    ],
  ])('%s', (_, allowed, wanted, expected) => {
    if (expected === 'forbidden') expect(() => narrowFilter(allowed, wanted)).toThrow(/you may ask for/);
    else expect(narrowFilter(allowed, wanted)).toEqual(expected);
  });
});
