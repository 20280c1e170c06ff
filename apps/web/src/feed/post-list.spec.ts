import { describe, expect, it } from '@jest/globals';
import type { HubEvent, Post } from '@hub/client';
import { aPost, embedded } from '@hub/storage/testkit';
import { MOST_HELD, PostList } from './post-list.ts';

const post = (n: number, fields: Parameters<typeof aPost>[0] = {}) =>
  aPost({ ...fields, hub: { local_id: String(n) } });
const arrival = (data: Post): HubEvent => ({ type: 'post', data, cursor: '' });
const edit = (data: Post): HubEvent => ({ type: 'edit', data, cursor: '' });
const removal = ({ id, uri }: Post): HubEvent => ({ type: 'delete', data: { id, uri }, cursor: '' });
const arrivals = (from: number, count: number) => Array.from({ length: count }, (_, i) => arrival(post(from + i)));
const numbers = (list: PostList) => list.shown.map(({ hub }) => Number(hub.local_id));

describe('PostList', () => {
  it('keeps new posts waiting, then shows them above the others', () => {
    const list = new PostList();
    list.reset([post(2), post(1)], null);
    list.apply([arrival(post(3)), arrival(post(4))]);
    expect([numbers(list), list.waiting]).toEqual([[2, 1], 2]);
    list.reveal();
    expect([numbers(list), list.waiting]).toEqual([[4, 3, 2, 1], 0]);
  });

  it('changes edited posts where they are, and takes in one that it does not hold', () => {
    const list = new PostList();
    list.reset([post(2), post(1)], null);
    list.apply([
      arrival(post(3)),
      edit(post(1, { content: 'changed' })),
      edit(post(3, { content: 'too' })),
      edit(post(9)),
    ]);
    expect(list.shown[1]?.content).toBe('changed');
    list.reveal();
    expect(numbers(list)).toEqual([9, 3, 2, 1]);
    expect(list.shown[1]?.content).toBe('too');
  });

  it('removes deleted posts everywhere: shown, waiting, boosted and quoted', () => {
    const list = new PostList();
    const boost = post(3, { reblog: embedded(post(1)) });
    const quote = post(4, { quote: { state: 'accepted', quoted_status: embedded(post(1)), quoted_status_id: '1' } });
    list.reset([quote, boost, post(2), post(1)], null);
    list.apply([arrival(post(5)), removal(post(1))]);
    list.apply([removal(post(5))]);
    expect([numbers(list), list.waiting]).toEqual([[4, 2], 0]);
    expect(list.shown[0]?.quote).toMatchObject({ state: 'deleted', quoted_status: null });
  });

  it('takes back a post that passes the filter again', () => {
    const list = new PostList();
    list.reset([post(1)], null);
    list.apply([removal(post(1)), edit(post(1, { content: 'again' }))]);
    expect(list.shown.map(({ content }) => content)).toEqual(['again']);
    list.apply([removal(post(1))]);
    list.apply([edit(post(1))]);
    list.reveal();
    expect(numbers(list)).toEqual([1]);
  });

  it('appends older posts, each once', () => {
    const list = new PostList();
    list.reset([post(3), post(2)], 'a');
    list.append([post(2), post(1)], 'b');
    expect([numbers(list), list.before]).toEqual([[3, 2, 1], 'b']);
  });

  it('is bounded: lets the oldest go, down to a place where reading can go on', () => {
    const list = new PostList();
    list.reset([post(0)], 'start');
    for (let n = 1; n < MOST_HELD + 3000; n += 500) {
      list.apply(arrivals(n, 500));
      list.reveal();
      list.bookmark(`before ${n + 499}`);
    }
    expect(list.shown.length).toBeLessThanOrEqual(MOST_HELD);
    expect(list.shown.length).toBeGreaterThan(MOST_HELD - 1000);
    expect(list.before).toBe(`before ${list.shown.at(-1)?.hub.local_id}`);
  });

  it('does not let go what the reader is at: it is detached from now instead, and counts on', () => {
    const list = new PostList();
    list.reset([post(0)], null);
    list.apply(arrivals(1, 6000));
    list.reveal();
    list.reading = 6000;
    list.apply(arrivals(6001, 5000));
    expect([list.shown.length, list.isDetached, list.waiting]).toEqual([6001, true, 5000]);
    list.apply([removal(post(7))]);
    expect(list.shown.length).toBe(6000);
  });
});
