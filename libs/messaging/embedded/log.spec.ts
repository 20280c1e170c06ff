import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseThread, type Remote } from '@hub/sqlite';
import type { LogApi, NewSegment } from './log-api.ts';

const LONG = 60_000;
const DAY = 86_400_000;

describe('the log file', () => {
  let folder: string;
  let path: string;
  let thread: DatabaseThread<LogApi>;
  let log: Remote<LogApi>;

  const open = () => new DatabaseThread<LogApi>('./log.worker', import.meta.url, path);
  const segment = (words: string, count = 1): NewSegment => ({ count, body: Buffer.from(words) });
  const firsts = async (topic: string, from = 0, maxMessages = 100, maxBytes = 1e6) =>
    (await log.fetch(topic, from, maxMessages, maxBytes)).map(({ first }) => first);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-log-'));
    path = join(folder, 'log.db');
    thread = open();
    log = thread.remote;
  });

  afterEach(async () => {
    await thread.close();
    rmSync(folder, { recursive: true });
  });

  it('numbers the messages of each topic', async () => {
    await log.append('a', [segment('x', 3), segment('y', 2)]);
    await log.append('b', [segment('z')]);
    await log.append('a', [segment('w')]);
    expect(await firsts('a')).toEqual([0, 3, 5]);
    expect(await firsts('b')).toEqual([0]);
    expect([await log.count('a'), await log.count('b'), await log.count('c')]).toEqual([6, 1, 0]);
  });

  it('reads from the segment that holds an offset, up to either bound, and at least one', async () => {
    await log.append('a', [segment('0123456789', 3), segment('0123456789', 2), segment('0123456789', 2)]);
    expect(await firsts('a', 1)).toEqual([0, 3, 5]);
    expect(await firsts('a', 3)).toEqual([3, 5]);
    expect(await firsts('a', 0, 4)).toEqual([0, 3]);
    expect(await firsts('a', 0, 100, 1)).toEqual([0]);
    expect(await firsts('a', 7)).toEqual([]);
    expect(await firsts('nothing')).toEqual([]);
    const [first] = await log.fetch('a', 0, 1, 1);
    expect(first).toMatchObject({ count: 3, body: new Uint8Array(Buffer.from('0123456789')) });
    expect(Math.abs((first?.publishedAt ?? 0) - Date.now())).toBeLessThan(10_000);
  });

  it('starts a group at the oldest message that is kept, and counts what it lacks', async () => {
    await log.append('a', [segment('x', 3)]);
    await log.register('a', 'g');
    await log.register('a', 'g');
    expect(await log.lag('a', 'g')).toBe(3);
    expect(await log.acquire('a', 'g', LONG)).toEqual({ epoch: 1, position: 0 });
    expect(await log.lag('a', 'unknown')).toBe(0);
  });

  it('removes what every group has consumed, and never numbers anew', async () => {
    await log.register('a', 'g');
    await log.register('a', 'h');
    await log.append('a', [segment('x', 3), segment('y', 2)]);
    await log.acquire('a', 'g', LONG);
    await log.acquire('a', 'h', LONG);
    await log.commit('a', 'g', 1, 5);
    expect(await firsts('a')).toEqual([0, 3]);
    await log.commit('a', 'h', 1, 4);
    expect(await firsts('a')).toEqual([3]);
    expect(await log.lag('a', 'h')).toBe(1);
    await log.commit('a', 'h', 1, 5);
    expect(await firsts('a')).toEqual([]);
    await thread.close();
    thread = open();
    log = thread.remote;
    await log.append('a', [segment('z')]);
    expect(await firsts('a')).toEqual([5]);
    expect([await log.lag('a', 'g'), await log.lag('a', 'h')]).toEqual([1, 1]);
  });

  it('gives a group to one at a time, and fences who lost it', async () => {
    await log.register('a', 'g');
    await log.append('a', [segment('x', 3)]);
    const first = await log.acquire('a', 'g', LONG);
    expect(await log.acquire('a', 'g', LONG)).toBeUndefined();
    expect(await log.renew('a', 'g', 1, 0)).toBe(true);
    // Run out, but nobody else came: still its own.
    expect(await log.commit('a', 'g', 1, 1)).toBe(true);
    const second = await log.acquire('a', 'g', LONG);
    expect([first, second]).toEqual([
      { epoch: 1, position: 0 },
      { epoch: 2, position: 1 },
    ]);
    expect(await log.commit('a', 'g', 1, 3)).toBe(false);
    expect(await log.renew('a', 'g', 1, LONG)).toBe(false);
    await log.release('a', 'g', 1);
    expect(await log.acquire('a', 'g', LONG)).toBeUndefined();
    expect(await log.lag('a', 'g')).toBe(2);
    await log.release('a', 'g', 2);
    expect(await log.acquire('a', 'g', LONG)).toEqual({ epoch: 3, position: 1 });
  });

  it('removes what is too old, tells what nobody had consumed, and takes groups past it', async () => {
    await log.register('a', 'g');
    await log.register('a', 'h');
    await log.append('a', [segment('x', 3), segment('y', 2)]);
    await log.append('alone', [segment('x', 4)]);
    await log.acquire('a', 'g', LONG);
    await log.commit('a', 'g', 1, 4);
    await log.acquire('a', 'h', LONG);
    await log.commit('a', 'h', 1, 1);
    expect(await log.expire(Date.now() - DAY)).toEqual([]);
    expect(await log.expire(Date.now() + 1)).toEqual([
      { topic: 'a', messages: 4 },
      { topic: 'alone', messages: 4 },
    ]);
    expect([await log.lag('a', 'g'), await log.lag('a', 'h')]).toEqual([0, 0]);
    expect(await log.count('a')).toBe(0);
    expect(await log.expire(Date.now() + 1)).toEqual([]);
  });

  it.each([
    ['short', 100],
    ['of several pages', 50_000],
  ])('leaves no trace of removed messages, %s', async (_, size) => {
    const onDisk = () => [path, `${path}-wal`].some((file) => readFileSync(file).includes('secret'));
    await log.register('a', 'g');
    for (let i = 0; i < 20; i++) await log.append('a', [segment('secret words '.repeat(size / 10))]);
    expect(onDisk()).toBe(true);
    await log.acquire('a', 'g', LONG);
    await log.commit('a', 'g', 1, 20);
    await log.tidy();
    expect(onDisk()).toBe(false);
  });

  it('tidies what a run before has left in the write-ahead log', async () => {
    const other = open();
    await log.register('a', 'g');
    await log.append('a', [segment('secret words')]);
    await log.acquire('a', 'g', LONG);
    await log.commit('a', 'g', 1, 1);
    const isThere = () => readFileSync(`${path}-wal`).includes('secret');
    expect(isThere()).toBe(true);
    // Not while the first connection looks whether others wrote.
    for (let tries = 0; isThere() && tries < 100; tries++) await other.remote.tidy();
    expect(isThere()).toBe(false);
    await other.close();
  });
});
