import { describe, expect, it } from '@jest/globals';
import { Random } from '../random.ts';
import { simplePost } from '../testing/simple-post.ts';
import { RecentPosts } from './recent-posts.ts';

describe('RecentPosts', () => {
  it('picks among the last ones that are still there and fit', () => {
    const recent = new RecentPosts(3);
    const posts = ['1', '2', '3', '4'].map((id) => simplePost({ id }));
    for (const post of posts) recent.add(post);
    posts[3]!.removed = true;
    const random = new Random(1);
    const picked = Array.from({ length: 50 }, () => recent.pick(random, (post) => post.status.id !== '2'));
    expect(new Set(picked.map((post) => post?.status.id))).toEqual(new Set(['3']));
  });

  it('finds nothing where nothing fits', () => {
    const recent = new RecentPosts(3);
    expect(recent.pick(new Random(1), () => true)).toBeUndefined();
    recent.add(simplePost({}));
    expect(recent.pick(new Random(1), () => false)).toBeUndefined();
  });
});
