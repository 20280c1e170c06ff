import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SignJWT } from 'jose';
import { CursorTooOldError, type FeedBatch, type Store } from '@hub/storage';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { webCursorStore } from './cursor-store.ts';
import { connectHub, type HubClient, type HubClientOptions } from './hub-client.ts';
import type { HubEvent } from './hub-event.ts';
import type { ConnectionState } from './hub-subscription.ts';

jest.setTimeout(30_000);

const KEY = 'the-key-of-the-wall';
const SECRET = Buffer.from('a secret that is long enough for HS256');
const NO_LIMITS = { clients: Infinity, clientsPerAddress: Infinity, requestsPerMinute: Infinity, replays: 16 };
const sha256 = createHash('sha256').update(KEY).digest('hex');

/** Ends when it is told to, and has nothing. */
async function* until(signal: AbortSignal): AsyncIterable<FeedBatch> {
  if (!signal.aborted) await once(signal, 'abort');
  yield* [];
}

/** A store some of whose changes are read otherwise. */
function withWatch(store: Store, watch: Store['watch']): Store {
  return Object.assign(Object.create(store) as Store, { watch });
}

describe('a client that the hub refuses, or lets wait', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let resources: AsyncDisposableStack;
  let posts = 0;
  const store = async () => void (await opened.apply([anUpsert(aPost({ hub: { local_id: String(++posts) } }))]));
  const client = (gateway: TestGateway, options: HubClientOptions = {}): HubClient =>
    resources.adopt(connectHub(gateway.url, { timeoutMs: 3000, ...options }), (hub) => hub.close());
  /** Moments at which somebody came to the door for the first time: WebSocket. */
  const visits = (gateway: TestGateway): number[] => {
    const at: number[] = [];
    (gateway.app.getHttpServer() as Server).on('upgrade', () => at.push(performance.now()));
    return at;
  };
  const first = async (events: AsyncIterable<HubEvent>): Promise<HubEvent | undefined> => {
    for await (const event of events) return event;
    return undefined;
  };

  beforeAll(async () => void (opened = await openTestStore()));
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });
  beforeEach(() => void (resources = new AsyncDisposableStack()));
  afterEach(() => resources.disposeAsync());

  it('learns how many wait before it, and when its turn has come', async () => {
    const cursor = await opened.head();
    await store();
    const leave = new AbortController();
    const entered = Promise.withResolvers<void>();
    let replays = 0;
    // Who replays first gets nothing and keeps its place.
    const slow = withWatch(opened, (options) => {
      if (options.from !== cursor || ++replays > 1) return opened.watch(options);
      entered.resolve();
      return until(AbortSignal.any([options.signal, leave.signal]));
    });
    const gateway = resources.use(await startGateway(slow, { limits: { ...NO_LIMITS, replays: 1 } }));
    const holder = client(gateway).subscribe({ cursor });
    const held = holder.forEach(() => undefined);
    await entered.promise;
    const states: ConnectionState[] = [];
    const told: number[] = [];
    const subscription = client(gateway).subscribe({
      cursor,
      onState: (state) => states.push(state),
      onWaiting: (ahead) => {
        told.push(ahead);
        holder.close();
        leave.abort();
      },
    });
    expect(await first(subscription)).toMatchObject({ type: 'post' });
    await held;
    expect(told).toEqual([0]);
    expect(states).toEqual(['waiting', 'live']);
  });

  it('comes back no sooner than it is told, when its key has been used too often', async () => {
    const apiKeys = [{ name: 'wall', sha256, requestsPerMinute: 30 }];
    const gateway = resources.use(await startGateway(opened, { access: { mode: 'token', apiKeys } }));
    const ask = () => fetch(`${gateway.url}/api/v1/gaps`, { headers: { authorization: `Bearer ${KEY}` } });
    while ((await ask()).status === 200);
    const at = visits(gateway);
    const cursor = await opened.head();
    const event = first(client(gateway, { token: KEY }).subscribe({ cursor }));
    await store();
    expect(await event).toMatchObject({ type: 'post' });
    // 30 a minute: after 2 s there is one more, with which it connects and subscribes.
    expect(at.length).toBe(2);
    expect(at[1]! - at[0]!).toBeGreaterThan(1000);
  });

  it('comes back no sooner than it is told at the door, when its address has been there too often', async () => {
    const limits = { ...NO_LIMITS, requestsPerMinute: 60 };
    const gateway = resources.use(await startGateway(opened, { limits }));
    while ((await fetch(`${gateway.url}/api/v1/gaps`)).status === 200);
    const at = visits(gateway);
    const cursor = await opened.head();
    const event = first(client(gateway).subscribe({ cursor }));
    await store();
    expect(await event).toMatchObject({ type: 'post' });
    expect(at.length).toBeGreaterThan(1);
    for (const [n, moment] of at.slice(1).entries()) expect(moment - at[n]!).toBeGreaterThan(1000);
  });

  it('says what a hub says that lets nobody in', async () => {
    const gateway = resources.use(await startGateway(opened, { limits: { ...NO_LIMITS, clients: 0 } }));
    await expect(client(gateway).history()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('as many clients as it takes'),
    });
  });

  it.each([
    ['none', undefined],
    ['a wrong one', 'wrong'],
  ])('does not come back when it has no token that is good: %s', async (_, token) => {
    const access = { mode: 'token' as const, apiKeys: [{ name: 'wall', sha256 }] };
    const gateway = resources.use(await startGateway(opened, { access }));
    const at = visits(gateway);
    const options = token === undefined ? {} : { token };
    const subscription = client(gateway, options).subscribe({ waitForHub: true });
    await expect(first(subscription)).rejects.toMatchObject({ code: 'unauthorized', retryable: false });
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(at.length).toBe(1);
  });

  it('asks for another token when its own has run out; who has but one ends', async () => {
    const jwt = { keys: { secret: String(SECRET) } };
    const gateway = resources.use(await startGateway(opened, { access: { mode: 'token', apiKeys: [], jwt } }));
    const sign = (seconds: number) =>
      new SignJWT({ sub: 'ann', scope: 'read', exp: Math.ceil(Date.now() / 1000) + seconds })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(SECRET);
    const cursor = await opened.head();
    let asked = 0;
    const states: ConnectionState[] = [];
    const renewed = Promise.withResolvers<void>();
    const onState = (state: ConnectionState) => {
      states.push(state);
      if (states.length === 3) renewed.resolve();
    };
    const event = first(client(gateway, { token: () => sign(++asked === 1 ? 1 : 60) }).subscribe({ cursor, onState }));
    const ended = first(client(gateway, { token: await sign(1) }).subscribe({ cursor }));
    await expect(ended).rejects.toMatchObject({ code: 'unauthorized' });
    await renewed.promise;
    await store();
    expect(await event).toMatchObject({ type: 'post' });
    expect([asked, states]).toEqual([2, ['live', 'connecting', 'live']]);
  });

  it('ends with the oldest cursor when its own is too old, and goes on from there when that is kept', async () => {
    const cursor = await opened.head();
    await store();
    const oldest = await opened.head();
    await store();
    const forgetful = withWatch(opened, (options) => {
      if (options.from === cursor) throw new CursorTooOldError(oldest);
      return opened.watch(options);
    });
    const gateway = resources.use(await startGateway(forgetful));
    const at = visits(gateway);
    const kept = new Map([['hub-cursor', cursor]]);
    const cursorStore = webCursorStore({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
    });
    const hub = client(gateway);
    await expect(first(hub.subscribe({ cursorStore }))).rejects.toMatchObject({ code: 'cursor_too_old', oldest });
    expect(at.length).toBe(1);
    await cursorStore.save(oldest);
    expect(await first(hub.subscribe({ cursorStore }))).toMatchObject({ data: { hub: { local_id: String(posts) } } });
  });
});
