import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Delivery, MessagingEvent, Subscription } from '@hub/messaging';
import { DatabaseThread, openDatabase } from '@hub/sqlite';
import type { LogApi } from './log-api.ts';
import { APPLICATION_ID, MIGRATIONS } from './log-schema.ts';
import { openEmbeddedBroker, type EmbeddedBroker } from './index.ts';

const message = (key: string, value = key) => ({ key, value: Buffer.from(value), headers: {} });
const FAST = { firstMs: 1, capMs: 5 };

describe('the embedded broker', () => {
  let folder: string;
  let path: string;
  const events: MessagingEvent[] = [];
  const brokers: EmbeddedBroker[] = [];

  async function open(retentionDays = 1): Promise<EmbeddedBroker> {
    const broker = await openEmbeddedBroker({ path, retentionDays, observe: (event) => events.push(event) });
    brokers.push(broker);
    return broker;
  }

  /** Handles `count` messages, then ends. */
  async function take(subscription: Subscription, count: number): Promise<Delivery[]> {
    const taken: Delivery[] = [];
    const ending = new AbortController();
    await subscription.consume(
      async (batch) => {
        taken.push(...batch);
        if (taken.length >= count) ending.abort();
        return [];
      },
      { signal: ending.signal },
    );
    return taken;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-broker-'));
    path = join(folder, 'log.db');
    events.length = 0;
  });

  afterEach(async () => {
    await Promise.all(brokers.splice(0).map((broker) => broker.close()));
    rmSync(folder, { recursive: true });
  });

  it('keeps messages of a topic without groups until one comes', async () => {
    await (await open()).publisher('t').publish([message('a'), message('b')]);
    await brokers[0]?.close();
    const broker = await open();
    expect((await take(broker.subscription({ topic: 't', group: 'g' }), 2)).map(({ key }) => key)).toEqual(['a', 'b']);
  });

  it('reads in order, and each once, what two processes append in turn', async () => {
    const [one, other] = [await open(), await open()];
    const taking = take(one.subscription({ topic: 't', group: 'g' }), 60);
    const keys = Array.from({ length: 60 }, (_, i) => String(i));
    for (const [i, key] of keys.entries()) {
      await (i % 5 < 3 ? one : other).publisher('t').publish([message(key)]);
    }
    expect((await taking).map(({ key, sequence }) => [key, sequence])).toEqual(keys.map((key, i) => [key, i]));
  });

  it('names origin and sequence by the place in the log, the same at every delivery', async () => {
    const broker = await open();
    const groups = ['g', 'h'].map((group) => broker.subscription({ topic: 't', group, maxMessages: 2 }));
    await broker.publisher('t').publish([message('a'), message('b'), message('c')]);
    for (const subscription of groups) {
      const taken = await take(subscription, 3);
      expect(taken.map(({ origin, sequence }) => [origin, sequence])).toEqual([
        ['t/0@0', 0],
        ['t/0@1', 1],
        ['t/0@2', 2],
      ]);
    }
  });

  it('goes on in the middle of what was appended together', async () => {
    const broker = await open();
    const subscription = broker.subscription({ topic: 't', group: 'g', maxMessages: 3 });
    await broker.publisher('t').publish(Array.from({ length: 10 }, (_, i) => message(`${i}`)));
    expect(await take(subscription, 3)).toHaveLength(3);
    await broker.close();
    const again = (await open()).subscription({ topic: 't', group: 'g' });
    expect((await take(again, 7)).map(({ key }) => key)).toEqual(['3', '4', '5', '6', '7', '8', '9']);
  });

  it('wakes the consumer of another process soon', async () => {
    const publisher = (await open()).publisher('t');
    const subscription = (await open()).subscription({ topic: 't', group: 'g' });
    const ending = new AbortController();
    const delays: number[] = [];
    let arrived = Promise.withResolvers<void>();
    const consumed = subscription.consume(
      async (batch) => {
        for (const { key } of batch) delays.push(performance.now() - Number(key));
        arrived.resolve();
        return [];
      },
      { signal: ending.signal },
    );
    for (let i = 0; i < 10; i++) {
      arrived = Promise.withResolvers<void>();
      await publisher.publish([message(`${performance.now()}`)]);
      await arrived.promise;
    }
    ending.abort();
    await consumed;
    const median = delays.toSorted((a, b) => a - b)[5];
    expect(median).toBeLessThan(60);
  });

  it('has overwritten what was consumed within seconds, also while it goes on', async () => {
    const broker = await open();
    const subscription = broker.subscription({ topic: 't', group: 'g' });
    await broker.publisher('t').publish([message('a', 'secret words')]);
    await take(subscription, 1);
    const onDisk = () => [path, `${path}-wal`].some((file) => readFileSync(file).includes('secret words'));
    const until = Date.now() + 4_000;
    while (onDisk() && Date.now() < until) await sleep(20);
    expect(onDisk()).toBe(false);
  });

  it('removes by age what nobody consumed, and tells the loss; of dead letters it tells none', async () => {
    const broker = await open();
    broker.subscription({ topic: 't', group: 'g' });
    // More segments than are removed in one go.
    for (let i = 0; i < 60; i++) await broker.publisher('t').publish([message('a'), message('b')]);
    await broker.publisher('t.dlq').publish([message('c')]);
    await broker.close();
    expect(events.filter(({ kind }) => kind === 'expired')).toEqual([]);
    // Of a day that is over.
    await sleep(2);
    const later = await open(0);
    const subscription = later.subscription({ topic: 't', group: 'g' });
    while ((await subscription.lag()) > 0) await sleep(5);
    expect(await later.deadLetters('t').count()).toBe(0);
    await later.close();
    const expired = events.filter((event) => event.kind === 'expired');
    expect(new Set(expired.map(({ topic }) => topic))).toEqual(new Set(['t']));
    expect(expired.reduce((sum, { messages }) => sum + messages, 0)).toBe(120);
  });

  it('lets a consumer that lost its group neither commit nor go on, until it gets the group again', async () => {
    const broker = await open();
    const subscription = broker.subscription({ topic: 't', group: 'g', backoff: FAST });
    await broker.publisher('t').publish([message('a')]);
    const thief = new DatabaseThread<LogApi>('./log.worker', import.meta.url, path);
    const batches: string[][] = [];
    const stolen = Promise.withResolvers<void>();
    const ending = new AbortController();
    const consumed = subscription.consume(
      async (batch) => {
        batches.push(batch.map(({ key }) => key));
        if (batches.length === 1) {
          // As if this process had stood still for longer than its lease.
          while ((await thief.remote.acquire('t', 'g', 1_000)) === undefined) {
            await thief.remote.renew('t', 'g', 1, 0);
          }
          stolen.resolve();
        } else ending.abort();
        return [];
      },
      { signal: ending.signal },
    );
    await stolen.promise;
    while (!events.some(({ kind }) => kind === 'fenced')) await sleep(5);
    expect(await subscription.lag()).toBe(1);
    await thief.remote.release('t', 'g', 2);
    await consumed;
    expect(batches).toEqual([['a'], ['a']]);
    expect(events.flatMap(({ kind }) => (['joined', 'fenced'].includes(kind) ? [kind] : []))).toEqual([
      'joined',
      'fenced',
      'joined',
    ]);
    expect(await subscription.lag()).toBe(0);
    await thief.close();
  });

  it('stops consuming when the file is damaged', async () => {
    const broker = await open();
    await broker.publisher('t').publish([message('a')]);
    const db = openDatabase({ path, applicationId: APPLICATION_ID, migrations: MIGRATIONS });
    db.exec("UPDATE segment SET body = CAST(x'00' || substr(body, 2) AS BLOB)");
    db.close();
    const subscription = broker.subscription({ topic: 't', group: 'g' });
    await expect(take(subscription, 1)).rejects.toMatchObject({ code: 'data_corrupt' });
    expect(await subscription.lag()).toBe(1);
  });

  it('refuses data of a newer version and messages that are too large, with what to do', async () => {
    const broker = await open();
    const huge = { key: 'k', value: new Uint8Array(17 * 1024 * 1024), headers: {} };
    await expect(broker.publisher('t').publish([huge])).rejects.toMatchObject({ code: 'payload_too_large' });
    await broker.close();
    openDatabase({ path, applicationId: APPLICATION_ID, migrations: [...MIGRATIONS, 'CREATE TABLE more (a)'] }).close();
    await expect(open()).rejects.toMatchObject({ code: 'data_version' });
  });

  it('finishes batch and commit when it is closed, and refuses what comes after', async () => {
    const broker = await open();
    const publisher = broker.publisher('t');
    const started = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const consumed = broker.subscription({ topic: 't', group: 'g' }).consume(
      async () => {
        started.resolve();
        await go.promise;
        return [];
      },
      { signal: new AbortController().signal },
    );
    await publisher.publish([message('a')]);
    await started.promise;
    // More than are under way at once.
    const late = ['b', 'c', 'd', 'e'].map((key) => publisher.publish([message(key)]));
    const closed = broker.close();
    go.resolve();
    await Promise.all([closed, consumed, ...late]);
    await expect(publisher.publish([message('f')])).rejects.toMatchObject({ code: 'shutting_down', retryable: true });
    const left = (await open()).subscription({ topic: 't', group: 'g' });
    expect((await take(left, 4)).map(({ key }) => key)).toEqual(['b', 'c', 'd', 'e']);
  });

  it('syncs what many publish at once together', async () => {
    const broker = await open();
    const publisher = broker.publisher('t');
    await Promise.all(Array.from({ length: 1000 }, (_, i) => publisher.publish([message(`${i}`)])));
    const appends = events.filter(({ kind }) => kind === 'published');
    expect(appends.length).toBeLessThan(20);
    expect(appends.reduce((sum, event) => sum + ('messages' in event ? event.messages : 0), 0)).toBe(1000);
  });

  it('reuses the space of what was consumed', async () => {
    const broker = await open();
    const subscription = broker.subscription({ topic: 't', group: 'g' });
    const publisher = broker.publisher('t');
    const batch = Array.from({ length: 100 }, (_, i) => message(`${i}`, 'x'.repeat(3000)));
    for (let round = 0; round < 20; round++) {
      await publisher.publish(batch);
      await take(subscription, 100);
    }
    await broker.close();
    expect(statSync(path).size).toBeLessThan(2_000_000);
  });
});
