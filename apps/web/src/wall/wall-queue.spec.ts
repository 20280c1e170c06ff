import { describe, expect, it } from '@jest/globals';
import { aPost, embedded } from '@hub/storage/testkit';
import { fitsWall, nextOnWall } from './wall-queue.ts';

const post = (n: number, fields: Parameters<typeof aPost>[0] = {}) =>
  aPost({ ...fields, hub: { local_id: String(n) } });

describe('the wall', () => {
  it.each([
    ['a plain post', {}, true],
    ['a sensitive one', { sensitive: true }, false],
    ['one with a content warning', { spoiler_text: 'food' }, false],
    ['one that says nothing', { content: '' }, false],
    ['a boost of a sensitive one', { reblog: embedded(post(9, { sensitive: true })) }, false],
    ['a boost', { content: '', reblog: embedded(post(9)) }, true],
  ])('%s: %s', (_, fields, fits) => {
    expect(fitsWall(post(1, fields))).toBe(fits);
  });

  it('shows the newest that was not shown, else goes round', () => {
    const posts = [post(3), post(2, { sensitive: true }), post(1)];
    expect(nextOnWall(posts, new Set(), undefined)).toBe(posts[0]);
    expect(nextOnWall(posts, new Set([posts[0]!.id]), posts[0]!.id)).toBe(posts[2]);
    const all = new Set(posts.map(({ id }) => id));
    expect(nextOnWall(posts, all, posts[0]!.id)).toBe(posts[2]);
    expect(nextOnWall(posts, all, posts[2]!.id)).toBe(posts[0]);
    expect(nextOnWall([], all, undefined)).toBeUndefined();
  });
});
