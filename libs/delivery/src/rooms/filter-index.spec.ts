import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFilter, filterSchema } from '@hub/contracts';
import { aPost } from '@hub/storage/testkit';
import { FilterIndex } from './filter-index.ts';

const some = (...values: string[]) => fc.option(fc.subarray(values, { minLength: 1 }), { nil: undefined, freq: 1 });
const aFilter = fc
  .record({
    language: some('en', 'PT', 'pt-br', 'no such'),
    hashtag: some('#Cats', 'dogs', 'ＷＩＤＥ'),
    instance: some('A.example', 'b.example'),
    account: some('@Ann@a.example', 'bob@b.example'),
    keyword: some('green tea', 'tea', '…'),
    mention: some('@cat@C.example', 'https://c.example/@cat'),
    reply: fc.option(fc.boolean(), { nil: undefined }),
    not: fc.option(fc.constant({ hashtag: ['dogs'], keyword: ['green tea'] }), { nil: undefined, freq: 1 }),
  })
  .map((fields) => filterSchema.parse(JSON.parse(JSON.stringify(fields))));
const somePost = fc
  .record({
    language: fc.constantFrom('en', 'pt', 'pt-BR', null),
    hashtags: fc.subarray(['cats', 'dogs', 'wide']),
    instance: fc.constantFrom('a.example', 'b.example'),
    acct: fc.constantFrom('ann@a.example', 'bob@b.example'),
    text: fc.constantFrom('Green tea!', 'tea green', 'nothing'),
    isMentioned: fc.boolean(),
  })
  .map(({ language, hashtags, instance, acct, text, isMentioned }) => {
    const post = aPost({ text, language, hub: { hashtags, instance } });
    const mention = { id: '1', username: 'cat', acct: 'cat@c.example', url: 'https://c.example/@cat' };
    return Object.assign(post, { account: { ...post.account, acct }, mentions: isMentioned ? [mention] : [] });
  });

describe('FilterIndex', () => {
  it('finds every holder whose filter accepts a post, and none that was removed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(aFilter, fc.boolean()), { maxLength: 30 }),
        fc.array(somePost, { minLength: 1, maxLength: 5 }),
        (filters, posts) => {
          const index = new FilterIndex<number>();
          filters.forEach(([filter], i) => index.add(filter, i));
          filters.forEach(([filter, stays], i) => stays || index.remove(filter, i));
          for (const post of posts) {
            const found = index.candidates({ post });
            filters.forEach(([filter, stays], i) => {
              if (!stays) expect(found).not.toContain(i);
              else if (compileFilter(filter)(post)) expect(found).toContain(i);
            });
          }
        },
      ),
    );
  });

  it('leaves out filters that a post has nothing to do with', () => {
    const index = new FilterIndex<string>();
    for (let n = 0; n < 1000; n++) index.add({ hashtag: [`tag${n}`], language: ['en'] }, `tag${n}`);
    index.add({ media: true }, 'media');
    expect(index.candidates({ post: aPost({ hub: { hashtags: ['tag7'] } }) })).toEqual(new Set(['media', 'tag7']));
  });
});
