import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from '@jest/globals';
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

it('holds the bytes of its post, and no text of it', () => {
  const items = Array.from({ length: 1_000 }, (_, n) => new FeedItem(entry(n, `${n} ж`.repeat(2_000))));
  const before = heapBytes();
  items.splice(0);
  expect(before - heapBytes()).toBeLessThan(1_000 * 1_000);
});

/** Of objects and strings that are in use. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
