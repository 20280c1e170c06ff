import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Filter, Post } from '@hub/contracts';
import { anUpsert, aPost, type PostFields } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../test/support/gateway.ts';
import type { Connectivity } from './connectivity.ts';
import { webCursorStore } from './cursor-store.ts';
import { connectHub, type HubClient } from './hub-client.ts';
import type { HubEvent } from './hub-event.ts';
import type { ConnectionState } from './hub-subscription.ts';

jest.setTimeout(30_000);

let source = '';
const post = (n: number, fields: PostFields = {}): Post =>
  aPost({ text: `post ${n}`, ...fields, hub: { source, local_id: String(n), ...fields.hub } });

/** A value that others wait for. */
class Heard<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();

  readonly note = (value: T): void => {
    this.all.push(value);
    for (const check of this.#waiting) check();
  };

  until(condition: (all: T[]) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (condition(this.all)) resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }
}

describe('HubSubscription', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let resources: AsyncDisposableStack;
  let gateway: TestGateway;
  let hub: HubClient;
  let start: string;

  beforeAll(async () => void (opened = await openTestStore()));
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });

  let tests = 0;
  beforeEach(async () => {
    source = `s${++tests}.example`;
    resources = new AsyncDisposableStack();
    gateway = resources.use(await startGateway(opened, { frameIntervalMs: 5 }));
    hub = resources.adopt(connectHub(gateway.url, { timeoutMs: 3000 }), (client) => client.close());
    start = await gateway.store.head();
  });
  afterEach(() => resources.disposeAsync());

  const store = (...posts: Post[]) => gateway.store.apply(posts.map((one) => anUpsert(one)));
  const ids = (events: readonly HubEvent[]) =>
    events.map(({ type, data }) => (type === 'gap' ? type : `${type} ${data.uri.split('/').at(-1)}`));

  it('changes its filter with no gap, also while it has no connection', async () => {
    const events = new Heard<HubEvent>();
    const subscription = hub.subscribe({ filter: { language: ['en'] }, cursor: start });
    void subscription.forEach(events.note);
    await store(post(1), post(2, { language: 'de' }));
    await events.until(({ length }) => length === 1);
    await subscription.updateFilter({ language: ['de'] });
    expect(subscription.filter).toEqual({ language: ['de'] });
    await store(post(3), post(4, { language: 'de' }));
    await events.until(({ length }) => length === 2);
    await gateway.stop();
    const changed = subscription.updateFilter({ language: ['fr'] });
    await store(post(5, { language: 'fr' }), post(6, { language: 'de' }));
    resources.use(await startGateway(gateway.store, {}, gateway.port));
    await changed;
    await events.until(({ length }) => length === 3);
    expect(ids(events.all)).toEqual(['post 1', 'post 4', 'post 5']);
  });

  it('keeps its filter when the hub refuses the new one, connected or not', async () => {
    const events = new Heard<HubEvent>();
    const subscription = hub.subscribe({ filter: { language: ['en'] }, cursor: start });
    void subscription.forEach(events.note);
    const wrong = JSON.parse('{"langauge":["de"]}') as Filter;
    await store(post(1));
    await events.until(({ length }) => length === 1);
    await expect(subscription.updateFilter(wrong)).rejects.toMatchObject({ code: 'invalid_filter' });
    await gateway.stop();
    const refused = expect(subscription.updateFilter(wrong)).rejects.toMatchObject({ code: 'invalid_filter' });
    resources.use(await startGateway(gateway.store, {}, gateway.port));
    await refused;
    await store(post(2, { language: 'de' }), post(3));
    await events.until(({ length }) => length === 2);
    expect(ids(events.all)).toEqual(['post 1', 'post 3']);
    expect(subscription.filter).toEqual({ language: ['en'] });
  });

  it('takes the filter that is set before it begins, and lets waiting changes end with it', async () => {
    const subscription = hub.subscribe({ cursor: start });
    await subscription.updateFilter({ language: ['de'] });
    await store(post(1), post(2, { language: 'de' }));
    const iterator = subscription[Symbol.asyncIterator]();
    expect(ids([(await iterator.next()).value!])).toEqual(['post 2']);
    await gateway.stop();
    const changed = subscription.updateFilter({});
    subscription.close();
    await changed;
  });

  it('gets frames compressed: few bytes, the same posts', async () => {
    const posts = Array.from({ length: 20 }, (_, n) => post(n, { text: `Grüße, ${n} 🐈` }));
    await store(...posts);
    const events: HubEvent[] = [];
    for await (const event of hub.subscribe({ cursor: start })) {
      events.push(event);
      if (events.length === posts.length) break;
    }
    expect(events.map(({ data }) => data)).toEqual(posts);
    const metric = await gateway.registry.getSingleMetric('hub_delivery_sent_bytes_total')!.get();
    expect(metric.values[0]!.value).toBeLessThan(JSON.stringify(posts).length / 4);
  });

  it('goes on where the last program stopped, after the events that it had dealt with', async () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    const cursorStore = webCursorStore(storage);
    await store(post(1), post(2), post(3));
    const dealtWith: string[] = [];
    const first = hub.subscribe({ cursor: start, cursorStore }).forEach((event) => {
      const [id] = ids([event]);
      if (id === 'post 2') throw new Error('crash');
      dealtWith.push(id!);
    });
    await expect(first).rejects.toThrow('crash');
    const stop = new AbortController();
    await hub.subscribe({ cursor: start, cursorStore, signal: stop.signal }).forEach((event) => {
      dealtWith.push(ids([event])[0]!);
      if (dealtWith.length === 3) setImmediate(() => stop.abort());
    });
    expect(dealtWith).toEqual(['post 1', 'post 2', 'post 3']);
    expect(kept.get('hub-cursor')).toBe(await gateway.store.head());
  });

  it('ends with what its cursor store throws', async () => {
    const failing = { load: () => undefined, save: () => Promise.reject(new Error('disk full')) };
    await store(post(1));
    const subscription = hub.subscribe({ cursor: start, cursorStore: failing });
    await expect(subscription.forEach(() => undefined)).rejects.toThrow('disk full');
    const unreadable = { load: () => Promise.reject(new Error('no access')), save: () => undefined };
    await expect(hub.subscribe({ cursorStore: unreadable }).forEach(() => undefined)).rejects.toThrow('no access');
  });

  it('waits for a hub if it is told to, and says how its connection is', async () => {
    await gateway.stop();
    await using silent = createServer((socket) => socket.destroy()).listen(gateway.port, '127.0.0.1');
    const states = new Heard<ConnectionState>();
    const events = new Heard<HubEvent>();
    const subscription = hub.subscribe({ cursor: start, waitForHub: true, onState: states.note });
    void subscription.forEach(events.note);
    for (let attempts = 0; attempts < 2; attempts++) await once(silent, 'connection');
    silent.close();
    await store(post(1));
    resources.use(await startGateway(gateway.store, {}, gateway.port));
    await events.until(({ length }) => length === 1);
    expect(states.all).toEqual(['live']);
  });

  it('is gone for good once it is closed, whatever it was waiting for', async () => {
    const states: ConnectionState[] = [];
    const subscription = hub.subscribe({ cursor: start, onState: (state) => states.push(state) });
    const done = subscription.forEach(() => undefined);
    gateway.app.getHttpServer().once('upgrade', () => setImmediate(() => subscription.close()));
    await done;
    await gateway.stop();
    await using silent = createServer().listen(gateway.port, '127.0.0.1');
    const attempts: unknown[] = [];
    silent.on('connection', (socket) => attempts.push(socket.destroy()));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(attempts).toEqual([]);
    expect(states).not.toContain('connecting');
  });

  it('comes back as soon as the device is online', async () => {
    let isOnline = true;
    let changed: () => void = () => undefined;
    const connectivity: Connectivity = {
      isOnline: () => isOnline,
      onChange: (listener) => {
        changed = listener;
        return () => (changed = () => undefined);
      },
    };
    const mobile = resources.adopt(connectHub(gateway.url, { connectivity }), (client) => client.close());
    const states = new Heard<ConnectionState>();
    const events = new Heard<HubEvent>();
    const subscription = mobile.subscribe({ cursor: start, onState: states.note });
    void subscription.forEach(events.note);
    await states.until((all) => all.includes('live'));
    isOnline = false;
    // Nothing answers any more, and attempts come further and further apart.
    await gateway.stop();
    await using silent = createServer((socket) => socket.destroy()).listen(gateway.port, '127.0.0.1');
    await once(silent, 'listening');
    for (let attempts = 0; attempts < 3; attempts++) await once(silent, 'connection');
    expect((silent.address() as AddressInfo).port).toBe(gateway.port);
    silent.close();
    expect(states.all).toEqual(['live', 'offline']);
    await store(post(1));
    resources.use(await startGateway(gateway.store, {}, gateway.port));
    isOnline = true;
    changed();
    await events.until(({ length }) => length === 1);
    expect(states.all).toEqual(['live', 'offline', 'connecting', 'live']);
  });
});
