import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Cursor } from '@hub/contracts';
import {
  CursorTooOldError,
  StoreUnavailableError,
  type ChangeFeed,
  type FeedBatch,
  type FeedEntry,
} from '@hub/storage';
import { FeedLog } from './feed-log.ts';
import { FeedReader } from './feed-reader.ts';
import { ReplayQueue } from './replay-queue.ts';

const entry = (n: number, type: FeedEntry['type'] = 'post', id = `id-${n}`): FeedEntry => ({
  cursor: `c${n}`,
  type,
  json: JSON.stringify({ id, n, pad: 'x'.repeat(n % 37) }),
});

/** A feed whose past can be cut and whose watches can fail; entry n stands at cursor `c<n>`. */
class ScriptedFeed implements ChangeFeed {
  readonly entries: FeedEntry[] = [];
  oldest = 0;
  failures = 0;
  watches = 0;
  #grown = Promise.withResolvers<void>();

  add(count: number): FeedBatch {
    const added = Array.from({ length: count }, (_, i) => entry(this.entries.length + i + 1));
    this.entries.push(...added);
    this.#grown.resolve();
    this.#grown = Promise.withResolvers();
    return { entries: added, cursor: `c${this.entries.length}` };
  }

  head(): Promise<Cursor> {
    return Promise.resolve(`c${this.entries.length}`);
  }

  async *watch({ from, signal }: { from?: Cursor; signal: AbortSignal }): AsyncIterable<FeedBatch> {
    this.watches++;
    let at = from === undefined ? this.entries.length : Number(from.slice(1));
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    while (!signal.aborted) {
      if (this.failures-- > 0) throw new StoreUnavailableError('away');
      if (at < this.oldest) throw new CursorTooOldError(`c${this.oldest}`);
      const entries = this.entries.slice(at, at + 3);
      at += entries.length;
      if (entries.length > 0) yield { entries, cursor: `c${at}` };
      else await Promise.race([this.#grown.promise, aborted]);
    }
  }
}

async function take(reader: FeedReader, count: number, maxCharacters = 1000): Promise<string[]> {
  const cursors: string[] = [];
  while (cursors.length < count) {
    const stretch = await reader.next(maxCharacters);
    if (stretch === undefined) break;
    cursors.push(...stretch.items.map((item) => item.cursor));
  }
  return cursors;
}

const cursorsFrom = (after: number, to: number) => Array.from({ length: to - after }, (_, i) => `c${after + i + 1}`);

describe('FeedReader', () => {
  it('reads from memory what the log holds, without asking the store', async () => {
    const feed = new ScriptedFeed();
    const log = new FeedLog('c0', 1e6);
    log.append(feed.add(5));
    const reader = new FeedReader({ feed, log, replays: new ReplayQueue(8) }, 'c2', new AbortController().signal);
    expect(await take(reader, 3)).toEqual(['c3', 'c4', 'c5']);
    expect(feed.watches).toBe(0);
  });

  it('reads what is older from the store and then joins the log', async () => {
    const feed = new ScriptedFeed();
    feed.add(10);
    const log = new FeedLog('c10', 1e6);
    log.append(feed.add(2));
    const reader = new FeedReader({ feed, log, replays: new ReplayQueue(8) }, 'c0', new AbortController().signal);
    expect(await take(reader, 12)).toEqual(cursorsFrom(0, 12));
    const waiting = take(reader, 1);
    expect(reader.live).toBe(true);
    log.append(feed.add(1));
    expect(await waiting).toEqual(['c13']);
    expect(feed.watches).toBe(1);
  });

  it('listens to the log while it waits, and at no other time', async () => {
    const log = new FeedLog('c0', 1e6);
    let listeners = 0;
    const listen = log.listen.bind(log);
    log.listen = (listener) => {
      listeners++;
      const unlisten = listen(listener);
      return () => (listeners--, unlisten());
    };
    const feed = new ScriptedFeed();
    log.append(feed.add(1));
    const stop = new AbortController();
    const reader = new FeedReader({ feed, log, replays: new ReplayQueue(8) }, 'c0', stop.signal);
    expect([await take(reader, 1), listeners]).toEqual([['c1'], 0]);
    for (const wake of [() => log.append(feed.add(1)), () => stop.abort()]) {
      const waiting = take(reader, 1);
      expect(listeners).toBe(1);
      wake();
      await waiting;
      expect(listeners).toBe(0);
    }
  });

  it('waits for a log that is behind the store', async () => {
    const feed = new ScriptedFeed();
    const log = new FeedLog('c0', 1e6);
    const late = feed.add(4);
    const reader = new FeedReader({ feed, log, replays: new ReplayQueue(8) }, 'c2', new AbortController().signal);
    expect(await take(reader, 2)).toEqual(['c3', 'c4']);
    const waiting = take(reader, 1);
    log.append(late);
    log.append(feed.add(1));
    expect(await waiting).toEqual(['c5']);
  });

  it('asks a store again that does not answer, and passes on what cannot be mended', async () => {
    const feed = new ScriptedFeed();
    feed.add(3);
    feed.failures = 1;
    const log = new FeedLog('c3', 1e6);
    expect(
      await take(new FeedReader({ feed, log, replays: new ReplayQueue(8) }, 'c0', new AbortController().signal), 3),
    ).toEqual(cursorsFrom(0, 3));
    feed.oldest = 2;
    const tooOld = new FeedReader({ feed, log, replays: new ReplayQueue(8) }, 'c1', new AbortController().signal);
    await expect(tooOld.accepted(1000)).rejects.toMatchObject({ code: 'cursor_too_old', oldest: 'c2' });
    await expect(tooOld.next(100)).rejects.toThrow(CursorTooOldError);
  });

  it('returns to the store when the log began anew', async () => {
    const feed = new ScriptedFeed();
    const log = new FeedLog('c0', 1e6);
    log.append(feed.add(2));
    const reader = new FeedReader({ feed, log, replays: new ReplayQueue(8) }, 'c1', new AbortController().signal);
    feed.add(3);
    log.restart('c5');
    expect(await take(reader, 4)).toEqual(cursorsFrom(1, 5));
  });

  it('ends when aborted, waiting or not', async () => {
    const feed = new ScriptedFeed();
    const log = new FeedLog('c0', 1e6);
    const stop = new AbortController();
    const waiting = new FeedReader({ feed, log, replays: new ReplayQueue(8) }, 'c0', stop.signal).next(100);
    stop.abort();
    expect(await waiting).toBeUndefined();
  });

  it('yields the plain sequence from any cursor, whatever the pace, the memory and the interleaving', async () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 7 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('seen' as const), count: fc.integer({ min: 1, max: 9 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('reader' as const), count: fc.nat(1000) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('read' as const), count: fc.nat(1000) }) },
    );
    const run = async (
      before: number,
      maxBytes: number,
      maxCharacters: number,
      steps: { kind: string; count: number }[],
    ) => {
      const feed = new ScriptedFeed();
      feed.add(before);
      const log = new FeedLog(`c${before}`, maxBytes);
      let seen = before;
      const stop = new AbortController();
      const readers: { reader: FeedReader; from: number; got: string[] }[] = [];
      const open = (from: number) =>
        readers.push({
          reader: new FeedReader({ feed, log, replays: new ReplayQueue(8) }, `c${from}`, stop.signal),
          from,
          got: [],
        });
      open(before);
      const see = (count: number) => {
        const entries = feed.entries.slice(seen, seen + count);
        seen += entries.length;
        if (entries.length > 0) log.append({ entries, cursor: `c${seen}` });
      };
      for (const { kind, count } of steps) {
        if (kind === 'append') feed.add(count);
        else if (kind === 'seen') see(count);
        else if (kind === 'reader') open(count % (feed.entries.length + 1));
        else {
          const one = readers[count % readers.length]!;
          if (one.from + one.got.length < seen) one.got.push(...(await take(one.reader, 1, maxCharacters)));
        }
      }
      see(Infinity);
      for (const { reader, from, got } of readers) {
        got.push(...(await take(reader, feed.entries.length - from - got.length, maxCharacters)));
        expect(got).toEqual(cursorsFrom(from, feed.entries.length));
      }
      stop.abort();
    };
    await fc.assert(
      fc.asyncProperty(
        fc.nat(20),
        fc.integer({ min: 100, max: 8000 }),
        fc.integer({ min: 1, max: 400 }),
        fc.array(step, { maxLength: 40 }),
        run,
      ),
      { numRuns: 200 },
    );
  });

  it('shares the places at the store: all get everything, though fewer may read at once', async () => {
    const feed = new ScriptedFeed();
    feed.add(20);
    const log = new FeedLog('c20', 1000);
    const replays = new ReplayQueue(1);
    const signal = new AbortController().signal;
    const waited: number[] = [];
    const readers = [1, 2, 3].map(() => new FeedReader({ feed, log, replays }, 'c0', signal));
    for (const [i, reader] of readers.entries()) reader.onWaiting = () => waited.push(i);
    const got = await Promise.all(readers.map((reader) => take(reader, 20)));
    expect(got).toEqual(readers.map(() => cursorsFrom(0, 20)));
    expect(waited).toEqual([1, 2]);
    expect(feed.watches).toBe(3);
  });

  it('goes on where it was when its turn at the store is over', async () => {
    const feed = new ScriptedFeed();
    feed.add(9);
    const replays = new ReplayQueue(1);
    const reader = new FeedReader({ feed, log: new FeedLog('c9', 1000), replays }, 'c0', new AbortController().signal);
    const over: (() => void)[] = [];
    const enter = replays.enter.bind(replays);
    replays.enter = (one, signal) => (over.push(() => one.over()), enter(one, signal));
    const first = await take(reader, 3);
    over[0]?.();
    expect([...first, ...(await take(reader, 6))]).toEqual(cursorsFrom(0, 9));
    expect(feed.watches).toBe(2);
  });
});
