import { describe, expect, it } from '@jest/globals';
import { compileFilter } from '@hub/contracts';
import { aPost } from '@hub/storage/testkit';
import { FeedItem } from './feed-item.ts';
import { view } from './view.ts';

const post = aPost({ language: 'de' });
const item = (type: FeedItem['type'], data: unknown = post) =>
  new FeedItem({ cursor: 'c', type, json: JSON.stringify(data) });
const english = compileFilter({ language: ['en'] });
const german = compileFilter({ language: ['de'] });

describe('view', () => {
  it('shows everything without a filter, and what a filter accepts, as it is', () => {
    const created = item('post');
    expect(view(created, undefined)).toBe(created);
    expect(view(created, german)).toBe(created);
    const edited = item('edit');
    expect(view(edited, german)).toBe(edited);
  });

  it('hides a post that the filter does not accept', () => {
    expect(view(item('post'), english)).toBeUndefined();
  });

  it('turns an edit out of the filter into a removal without words', () => {
    expect(view(item('edit'), english)).toEqual({
      cursor: 'c',
      type: 'delete',
      json: Buffer.from(JSON.stringify({ id: post.id, uri: post.uri })),
    });
  });

  it('passes deletions and gaps through every filter', () => {
    const removal = item('delete', { id: post.id, uri: post.uri });
    const gap = item('gap', { source: 's' });
    expect(view(removal, english)).toBe(removal);
    expect(view(gap, english)).toBe(gap);
  });
});
