import { describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFilter, type Filter } from '@hub/contracts';
import { aPost } from '@hub/storage/testkit';
import { FeedItem } from './feed-item.ts';
import { sharedView } from './shared-view.ts';
import { view } from './view.ts';

const LANGUAGES = ['en', 'de', 'fr'];
const item = (type: FeedItem['type'], language = 'en') =>
  new FeedItem({ cursor: 'c', type, json: JSON.stringify(aPost({ language })) });

describe('the view of readers with the same filter', () => {
  it('is one, in whatever order they say it', () => {
    const filter: Filter = { language: ['en', 'de'], hashtag: ['cats'] };
    expect(sharedView({ hashtag: ['cats'], language: ['de', 'en'] })).toBe(sharedView(filter));
    expect(sharedView({ language: ['en'] })).not.toBe(sharedView(filter));
  });

  it('asks of a post once, whether it is accepted or not', () => {
    const asked = jest.spyOn(FeedItem.prototype, 'post', 'get');
    try {
      for (const language of ['en', 'fr']) {
        const one = item('post', language);
        const seen = Array.from({ length: 5 }, () => sharedView({ language: ['en'], min_length: 0 })(one));
        expect(seen).toEqual(Array.from({ length: 5 }, () => (language === 'en' ? one : undefined)));
      }
      expect(asked).toHaveBeenCalledTimes(2);
    } finally {
      asked.mockRestore();
    }
  });

  it('shows what each of them would be shown alone, wherever they stand', () => {
    const types = fc.constantFrom<FeedItem['type'][]>('post', 'edit', 'delete', 'gap');
    const changes = fc.array(fc.tuple(types, fc.constantFrom(...LANGUAGES)), { minLength: 1, maxLength: 300 });
    const filters = fc.array(fc.subarray(LANGUAGES, { minLength: 1 }), { minLength: 1, maxLength: 4 });
    const order = fc.array(fc.nat(), { minLength: 1, maxLength: 600 });
    fc.assert(
      fc.property(changes, filters, order, (changes, filters, order) => {
        const items = changes.map(([type, language]) => item(type, language));
        for (const at of order) {
          const one = items[at % items.length]!;
          const filter = { language: filters[at % filters.length]! };
          expect(sharedView(filter)(one)).toBe(view(one, compileFilter(filter)));
        }
      }),
      { numRuns: 50 },
    );
  });

  it('without a filter is all', () => {
    const one = item('post');
    expect(sharedView({})(one)).toBe(one);
  });
});
