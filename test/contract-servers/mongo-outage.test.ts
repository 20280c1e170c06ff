import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { HubError, type Post } from '@hub/contracts';
import { CursorTooOldError, type FeedEntry, type Store } from '@hub/storage';
import { openMongoStore } from '@hub/storage/mongo';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { describeWith } from '../servers/describe-with.ts';
import { MONGO_PURPOSE, startMongo, type MongoServer } from '../servers/mongo.ts';
import { PIP_PROBE } from '../servers/python-packages.ts';

const open = ({ uri }: MongoServer) => openMongoStore({ uri, database: 'hub', collection: 'posts', retentionDays: 7 });

const nth = (n: number) => anUpsert(aPost({ hub: { local_id: String(n) } }));

/** As the processor does: again until it succeeds. */
async function applyAtLast(store: Store, n: number): Promise<void> {
  for (;;) {
    try {
      await store.apply([nth(n)]);
      return;
    } catch (error) {
      if (!(error instanceof HubError && error.retryable)) throw error;
    }
  }
}

/** As the gateway does: again from its cursor. */
async function readAtLast(store: Store, from: string, count: number, onEntry: (n: number) => void) {
  const stop = new AbortController();
  const entries: FeedEntry[] = [];
  for (let cursor = from; entries.length < count;) {
    try {
      for await (const batch of store.watch({ from: cursor, signal: stop.signal })) {
        entries.push(...batch.entries);
        ({ cursor } = batch);
        onEntry(entries.length);
        if (entries.length >= count) break;
      }
    } catch (error) {
      if (!(error instanceof HubError && error.retryable)) throw error;
      await sleep(50);
    }
  }
  return entries.map(numberOf);
}

function numberOf({ json }: FeedEntry): number {
  return Number((JSON.parse(json) as Post).hub.local_id);
}

describeWith(PIP_PROBE, MONGO_PURPOSE, 'a MongoDB server that goes away', () => {
  let server: MongoServer;
  beforeEach(async () => void (server = await startMongo()), 120_000);
  afterEach(() => server.stop(), 60_000);

  it('loses nothing acknowledged and repeats nothing at a reader, killed again and again', async () => {
    const store = await open(server);
    const count = 90;
    const start = await store.head();
    const crashes: Promise<void>[] = [];
    const crash = async () => {
      await server.kill9();
      await sleep(200);
      await server.restart();
    };
    const read = readAtLast(store, start, count, (n) => {
      if (n >= 25 * (crashes.length + 1) && crashes.length < 3) crashes.push(crash());
    });
    for (let n = 0; n < count; n++) await applyAtLast(store, n);
    expect(await read).toEqual(Array.from({ length: count }, (_, n) => n));
    await Promise.all(crashes);
    expect(crashes).toHaveLength(3);
    expect(await store.counts()).toMatchObject({ posts: count });
    await store.close();
  }, 120_000);

  it('says so within seconds, names no address, and serves again when it is back', async () => {
    const store = await open(server);
    await store.apply([nth(1)]);
    const cursor = await store.head();
    await server.kill9();
    const calls = [
      () => store.apply([nth(2)]),
      () => store.head(),
      () => store.page({ filter: {}, limit: 1 }),
      () => readOnce(store, cursor),
    ];
    const began = performance.now();
    for (const error of await Promise.all(calls.map((call) => call().then(() => undefined, failureOf)))) {
      expect(error).toMatchObject({ code: 'store_unavailable', retryable: true });
      expect(error?.message).not.toContain('127.0.0.1');
    }
    expect(performance.now() - began).toBeLessThan(30_000);
    await server.restart();
    await applyAtLast(store, 2);
    expect(await readAtLast(store, cursor, 1, () => undefined)).toEqual([2]);
    await store.close();
  }, 60_000);
});

function failureOf(error: unknown): HubError {
  if (error instanceof HubError) return error;
  throw error;
}

async function readOnce(store: Store, from: string): Promise<void> {
  const stop = new AbortController();
  await store.watch({ from, signal: stop.signal })[Symbol.asyncIterator]().next();
  stop.abort();
}

describeWith(PIP_PROBE, MONGO_PURPOSE, 'the log of a MongoDB server', () => {
  let server: MongoServer;
  // It looks for what is too much after every thousandth entry.
  beforeEach(async () => void (server = await startMongo(['--oplog-max-entries', '200'])), 120_000);
  afterEach(() => server.stop(), 60_000);

  it('may be too short for a cursor: the store says so, and from where to go on', async () => {
    const store = await open(server);
    const start = await store.head();
    const calls = 16;
    for (let call = 0; call < calls; call++) {
      await store.apply(Array.from({ length: 50 }, (_, i) => nth(call * 50 + i)));
    }
    const error = await readOnce(store, start).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(CursorTooOldError);
    const { oldest } = error as CursorTooOldError;
    await store.apply([nth(calls * 50)]);
    const stop = new AbortController();
    const numbers: number[] = [];
    for await (const { entries } of store.watch({ from: oldest, signal: stop.signal })) {
      numbers.push(...entries.map(numberOf));
      if (numbers.at(-1) === calls * 50) stop.abort();
    }
    const [first = 0] = numbers;
    expect(first).toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.map((_, i) => first + i));
    await store.close();
  }, 120_000);
});
