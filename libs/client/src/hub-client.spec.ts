import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import type { Filter, Post } from '@hub/contracts';
import type { Store } from '@hub/storage';
import { aDelete, aGap, anUpsert, aPost, type PostFields } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { connectHub, type HubClient } from './hub-client.ts';
import type { HubEvent } from './hub-event.ts';

jest.setTimeout(30_000);

/** One store serves all tests here: each has a source of its own. */
let source = '';
const post = (n: number, fields: PostFields = {}): Post =>
  aPost({ text: `post ${n}`, ...fields, hub: { source, local_id: String(n), ...fields.hub } });
const gap = () => aGap({ source });
const store = (to: Store, ...posts: Post[]) => to.apply(posts.map((one) => anUpsert(one)));
const numbers = (events: HubEvent[]) =>
  events.map(({ type, data }) => (type === 'post' ? Number(data.hub.local_id) : type));

async function take(events: AsyncIterable<HubEvent>, count: number): Promise<HubEvent[]> {
  const taken: HubEvent[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

describe('HubClient', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let resources: AsyncDisposableStack;
  let gateway: TestGateway;
  let hub: HubClient;
  let start: string;

  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });

  let tests = 0;
  beforeEach(async () => {
    source = `s${++tests}.example`;
    resources = new AsyncDisposableStack();
    gateway = resources.use(await startGateway(opened));
    hub = resources.adopt(connectHub(gateway.url, { timeoutMs: 3000 }), (client) => client.close());
    start = await gateway.store.head();
  });
  afterEach(() => resources.disposeAsync());

  it('yields posts, deletions and gaps with their cursors, from where it is told', async () => {
    await store(gateway.store, post(1), post(2, { language: 'de' }));
    await gateway.store.apply([gap(), aDelete(post(2))]);
    const events = await take(hub.subscribe({ cursor: start, filter: { language: ['en'] } }), 3);
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'post', data: post(1) },
      { type: 'gap', data: gap().gap },
      { type: 'delete', data: { id: post(2).id, uri: post(2).uri } },
    ]);
    expect(await take(hub.subscribe({ cursor: events[1]!.cursor }), 1)).toEqual([events[2]]);
  });

  it('goes on over a restart of the gateway without loss or duplicates', async () => {
    const states: string[] = [];
    const subscription = hub.subscribe({ cursor: start, onState: (state) => states.push(state) });
    const events = subscription[Symbol.asyncIterator]();
    const got: unknown[] = [];
    const next = async () => got.push(...numbers([(await events.next()).value!]));
    await store(gateway.store, post(1), post(2));
    await next();
    await gateway.stop();
    await store(gateway.store, post(3));
    resources.use(await startGateway(gateway.store, {}, gateway.port));
    await next();
    await next();
    await store(gateway.store, post(4));
    await next();
    expect(got).toEqual([1, 2, 3, 4]);
    await events.return();
    expect(states).toEqual(['live', 'connecting', 'live']);
  });

  it('yields each event once, in order, whatever breaks the connection', async () => {
    const total = 40;
    const breakpoints = fc.uniqueArray(fc.integer({ min: 1, max: total - 1 }), { minLength: 1, maxLength: 2 });
    let stored = 0;
    await fc.assert(
      fc.asyncProperty(breakpoints, async (breaks) => {
        const cursor = await gateway.store.head();
        const first = stored + 1;
        const got: HubEvent[] = [];
        await store(gateway.store, post(++stored), post(++stored), post(++stored));
        for await (const event of hub.subscribe({ cursor })) {
          got.push(event);
          if (breaks.includes(got.length)) gateway.dropConnections();
          if (stored < first + total) await store(gateway.store, post(++stored));
          if (got.length === total) break;
        }
        expect(numbers(got)).toEqual(Array.from({ length: total }, (_, i) => first + i));
      }),
      { numRuns: 2 },
    );
  }, 60_000);

  it('holds no more than it was told for a slow consumer, and loses nothing', async () => {
    const slow = resources.adopt(connectHub(gateway.url, { maxQueued: 4 }), (client) => client.close());
    const wide = 'x'.repeat(20_000);
    for (let n = 1; n <= 100; n += 4)
      await store(gateway.store, ...[0, 1, 2, 3].map((i) => post(n + i, { text: wide })));
    const got = await take(slow.subscribe({ cursor: start }), 100);
    expect(numbers(got)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    const connects = await gateway.registry.getSingleMetric('hub_delivery_resumes_total')!.get();
    expect(connects.values.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThan(5);
  });

  it('knows the position after what it handed out', async () => {
    await store(gateway.store, post(1), post(2), post(3));
    const subscription = hub.subscribe({ cursor: start });
    await take(subscription, 1);
    expect(numbers(await take(hub.subscribe({ cursor: subscription.cursor! }), 2))).toEqual([2, 3]);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const all = take(hub.subscribe({ signal: stop.signal }), 1);
    stop.abort();
    expect(await all).toEqual([]);
    const more = take(hub.subscribe(), 1);
    hub.close();
    expect(await more).toEqual([]);
  });

  it('reads history, from which a subscription goes on', async () => {
    await store(gateway.store, post(1, { created_at: '2026-11-01T10:00:00.000Z' }), post(2));
    const page = await hub.history({ limit: 1, filter: { instance: [source] } });
    expect(page).toEqual({ posts: [post(2)], before: expect.any(String), cursor: expect.any(String) });
    const older = await hub.history({ limit: 1, filter: { instance: [source] }, before: page.before! });
    expect(older.posts).toEqual([post(1, { created_at: '2026-11-01T10:00:00.000Z' })]);
    await store(gateway.store, post(3));
    expect(numbers(await take(hub.subscribe({ cursor: page.cursor }), 1))).toEqual([3]);
  });

  it('rejects with typed errors', async () => {
    const failure = (action: Promise<unknown>, code: string) =>
      expect(action).rejects.toMatchObject({ name: 'HubClientError', code });
    await failure(take(hub.subscribe({ cursor: 'nonsense' }), 1), 'invalid_cursor');
    const misspelt = JSON.parse('{"langauge":["en"]}') as Filter;
    await failure(take(hub.subscribe({ filter: misspelt }), 1), 'invalid_filter');
    await failure(hub.history({ limit: 0 }), 'bad_request');
  });

  it('says so when there is no hub, or none that answers', async () => {
    await using silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const nobody = connectHub(`http://127.0.0.1:${port}`, { timeoutMs: 300 });
    await expect(take(nobody.subscribe(), 1)).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    await expect(nobody.history()).rejects.toMatchObject({ code: 'unavailable' });
    nobody.close();
  });
});
