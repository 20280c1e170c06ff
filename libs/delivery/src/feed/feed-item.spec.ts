import { expect, it } from '@jest/globals';
import { collectGarbage } from '../../../../test/support/collect-garbage.ts';
import { FeedItem } from './feed-item.ts';

const entry = (n: number, content: string) => {
  const json = JSON.stringify({ id: String(n).padStart(26, '0'), uri: `https://a.example/${n}`, content });
  return { cursor: String(n), type: 'post', json } as const;
};

it.each([
  ['first', '{"id":"01J","uri":"u"}', '01J'],
  ['last', '{"uri":"u","id":"01J"}', '01J'],
  ['longer than the usual', `{"id":"${'x'.repeat(200)}"}`, 'x'.repeat(200)],
  ['with an escape', String.raw`{"id":"a\"b"}`, 'a"b'],
])('knows the id of its post: %s', (_where, json, id) => {
  expect(new FeedItem({ cursor: 'c', type: 'post', json }).postId).toBe(id);
});

it('knows when its post was observed, whatever the post says', () => {
  const [observed_at, content] = ['2026-11-01T12:00:01.234Z', '"observed_at":"2020-01-01T00:00:00.000Z" ж'];
  const of = (data: object) => new FeedItem({ cursor: 'c', type: 'post', json: JSON.stringify(data) }).observedAt;
  expect(of({ id: 'a', hub: { observed_at }, content })).toBe(Date.parse(observed_at));
  expect(of({ id: 'a', content, hub: { observed_at } })).toBe(Date.parse(observed_at));
  expect(of({ id: 'a', content })).toBeNaN();
});

it('holds the bytes of its post, and no text of it', () => {
  const before = heapBytes();
  const items = Array.from({ length: 1_000 }, (_, n) => new FeedItem(entry(n, `${n} ж`.repeat(2_000))));
  // Their texts are 20 MB.
  expect(heapBytes() - before).toBeLessThan(5_000_000);
  expect(items).toHaveLength(1_000);
});

/** Of objects and strings that are in use. */
function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
