import { describe, expect, it } from '@jest/globals';
import type { FeedEntry } from '@hub/storage';
import { FeedLog } from './feed-log.ts';

const entry = (cursor: string, type: FeedEntry['type'], id: string, text = ''): FeedEntry => ({
  cursor,
  type,
  json: JSON.stringify({ id, text }),
});

const append = (log: FeedLog, ...entries: FeedEntry[]) => log.append({ entries, cursor: entries.at(-1)?.cursor ?? '' });

const cursors = (log: FeedLog, position: number) => {
  const read = log.read(position, Infinity);
  return typeof read === 'string' ? read : read.items.map((item) => item.cursor);
};

describe('FeedLog', () => {
  it('reads from any cursor that it has seen, also one past the last entry', () => {
    const log = new FeedLog('0', 1e6);
    log.append({ entries: [entry('1', 'post', 'a'), entry('2', 'post', 'b')], cursor: '5' });
    append(log, entry('6', 'post', 'c'));
    expect(cursors(log, log.positionOf('0')!)).toEqual(['1', '2', '6']);
    expect(cursors(log, log.positionOf('1')!)).toEqual(['2', '6']);
    expect(cursors(log, log.positionOf('2')!)).toEqual(['6']);
    expect(cursors(log, log.positionOf('5')!)).toEqual(['6']);
    expect(cursors(log, log.positionOf('6')!)).toBe('end');
    expect(log.positionOf('4')).toBeUndefined();
    expect(log.cursor).toBe('6');
  });

  it('keeps one cursor past the last entry, however often the feed passes over changes', () => {
    const log = new FeedLog('0', 1e6);
    for (const cursor of ['1', '2', '3']) log.append({ entries: [], cursor });
    expect(['0', '1', '2', '3'].map((cursor) => log.positionOf(cursor))).toEqual([0, undefined, undefined, 0]);
  });

  it('bounds its bytes, dropping the oldest; the position before the first is still good', () => {
    const log = new FeedLog('0', 10_000);
    for (let i = 1; i <= 20; i++) append(log, entry(String(i), 'post', `p${i}`, 'x'.repeat(600)));
    expect(log.bytes).toBeLessThanOrEqual(10_000);
    const first = 20 - log.size;
    expect(log.positionOf(String(first - 1))).toBeUndefined();
    expect(cursors(log, log.positionOf(String(first))!)).toHaveLength(log.size);
    expect(cursors(log, 0)).toBe('gone');
  });

  it('holds one entry that is larger than its bound', () => {
    const log = new FeedLog('0', 1000);
    append(log, entry('1', 'post', 'a', 'x'.repeat(5000)));
    expect(cursors(log, 0)).toEqual(['1']);
  });

  it('forgets the words of a post when its deletion comes, and keeps the deletion', () => {
    const log = new FeedLog('0', 1e6);
    append(
      log,
      entry('1', 'post', 'a', 'secret '.repeat(99)),
      entry('2', 'post', 'b'),
      entry('3', 'edit', 'a', 'secret too'),
    );
    const before = log.bytes;
    append(log, entry('4', 'delete', 'a'));
    expect(cursors(log, 0)).toEqual(['2', '4']);
    expect(log.bytes).toBeLessThan(before);
    expect(log.positionOf('1')).toBe(1);
  });

  it('counts its bytes back to nothing', () => {
    const log = new FeedLog('0', 1e6);
    append(
      log,
      entry('1', 'post', 'a', 'x'),
      entry('2', 'delete', 'a'),
      entry('3', 'gap', 'g'),
      entry('4', 'post', 'b'),
    );
    log.dropBefore(Infinity);
    expect(log.bytes).toBe(0);
    expect(log.size).toBe(0);
    expect(log.cursor).toBe('4');
    expect(log.positionOf('4')).toBe(4);
  });

  it('gives stretches of limited size, but at least one slot', () => {
    const log = new FeedLog('0', 1e6);
    append(log, entry('1', 'post', 'a', 'x'.repeat(50)), entry('2', 'post', 'b'), entry('3', 'post', 'c'));
    expect(log.read(0, 10)).toMatchObject({ cursor: '1', position: 1, more: true });
    expect(log.read(1, 60)).toMatchObject({ cursor: '3', position: 3, more: false });
  });

  it('answers «gone» to all who read before it began anew', () => {
    const log = new FeedLog('0', 1e6);
    append(log, entry('1', 'post', 'a'));
    let calls = 0;
    log.listen(() => calls++);
    log.restart('9');
    expect(calls).toBe(1);
    expect(cursors(log, 0)).toBe('gone');
    expect(cursors(log, 1)).toBe('gone');
    expect(cursors(log, log.positionOf('9')!)).toBe('end');
  });
});
