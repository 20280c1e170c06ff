import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compareIds } from '../ids.ts';
import { simplePost } from '../testing/simple-post.ts';
import type { Post } from './post.ts';
import { type PageQuery, PostStore } from './post-store.ts';

const all = () => true;
const idsOf = (posts: Post[]) => posts.map(({ status }) => status.id);

/** What Mastodon's queries say, over a plain list. */
function naive(ids: string[], { max_id, since_id, min_id, limit }: PageQuery): string[] {
  const below = (id: string) => max_id === undefined || compareIds(id, max_id) < 0;
  const descending = [...ids].filter(below).sort((a, b) => compareIds(b, a));
  if (min_id !== undefined) return descending.filter((id) => compareIds(id, min_id) > 0).slice(-limit || Infinity);
  return descending.filter((id) => since_id === undefined || compareIds(id, since_id) > 0).slice(0, limit);
}

const id = fc.integer({ min: 1, max: 120 }).map(String);

describe('PostStore', () => {
  it('pages as Mastodon does, in whatever order posts came and went', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(id, { maxLength: 60 }),
        fc.array(id, { maxLength: 10 }),
        fc.record(
          { max_id: id, since_id: id, min_id: id, limit: fc.integer({ min: 1, max: 12 }) },
          { requiredKeys: ['limit'] },
        ),
        (given, removed, query) => {
          const store = new PostStore(1_000);
          for (const each of given) store.add(simplePost({ id: each }));
          for (const each of removed) {
            const post = store.get(each);
            if (post !== undefined) store.remove(post);
          }
          const left = given.filter((each) => !removed.includes(each));
          expect(idsOf(store.page(query, all))).toEqual(naive(left, query));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('shows posts that are not public to nobody, unless they leaked', () => {
    const store = new PostStore(10);
    store.add(simplePost({ id: '1', visibility: 'private' }));
    store.add(simplePost({ id: '2', visibility: 'unlisted' }));
    store.add({ ...simplePost({ id: '3', visibility: 'direct' }), leaked: true });
    expect(idsOf(store.page({ limit: 40 }, all))).toEqual(['3']);
  });

  it('forgets the first that came when it is full', () => {
    const store = new PostStore(3);
    for (const each of ['5', '1', '4', '2']) store.add(simplePost({ id: each }));
    expect(idsOf(store.page({ limit: 40 }, all))).toEqual(['4', '2', '1']);
    expect(store.evicted).toBe(1);
    expect(store.get('5')).toBeUndefined();
  });

  it('keeps its order while thousands come and go', () => {
    const store = new PostStore(500);
    for (let i = 1; i <= 10_000; i += 1) store.add(simplePost({ id: String(i % 7 === 0 ? 50_000 - i : i) }));
    const ids = idsOf(store.page({ limit: 1_000 }, all));
    expect(ids).toHaveLength(500);
    expect(ids).toEqual([...ids].sort((a, b) => compareIds(b, a)));
  });
});
