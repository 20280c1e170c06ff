import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { SignJWT } from 'jose';
import { io } from 'socket.io-client';
import type { HistoryPage, WireError } from '@hub/contracts';
import type { FeedBatch } from '@hub/storage';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../../test/support/gateway.ts';
import { listen } from '../../../../test/support/listen.ts';
import type { DeliveryOptions } from '../delivery.options.ts';
import type { AccessOptions } from './access.options.ts';

jest.setTimeout(30_000);

const KEY = 'the-key-of-the-wall';
const sha256 = createHash('sha256').update(KEY).digest('hex');
const access: AccessOptions = {
  mode: 'token',
  apiKeys: [{ name: 'wall', sha256, filter: { language: ['de'] }, requestsPerMinute: 1000 }],
};
const german = aPost({ text: 'eins', language: 'de', hub: { local_id: '1' } });
const english = aPost({ text: 'one', language: 'en', hub: { local_id: '2' } });
const limits = { clients: Infinity, clientsPerAddress: Infinity, requestsPerMinute: Infinity, replays: 16 };

describe('every way in', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let hub: TestGateway;
  beforeAll(async () => {
    opened = await openTestStore();
    await opened.apply([anUpsert(german), anUpsert(english)]);
    hub = await startGateway(opened, { access });
  });
  afterAll(async () => {
    await hub.stop();
    await opened[Symbol.asyncDispose]();
  });

  const bearer = { headers: { authorization: `Bearer ${KEY}` } };
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(hub.url + path, init);
    return { response, body: (await response.json()) as { error: WireError } & HistoryPage };
  };
  const refusedSocket = async (auth: Record<string, unknown>, url = hub.url) => {
    const socket = io(url, { forceNew: true, transports: ['websocket'], auth, reconnection: false });
    const error = await new Promise<Error & { data?: WireError }>((resolve) => socket.once('connect_error', resolve));
    socket.disconnect();
    return error;
  };

  it.each(['/api/v1/posts', '/api/v1/feed', '/api/v1/gaps', `/api/v1/posts/${german.id}`])(
    'guards %s',
    async (path) => {
      for (const init of [undefined, { headers: { authorization: 'Bearer wrong' } }]) {
        const { response, body } = await get(path, init);
        expect([response.status, body.error.code]).toEqual([401, 'unauthorized']);
        expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
    },
  );

  it('lets in by header and by parameter, and shows what is granted alone', async () => {
    for (const { body } of [await get('/api/v1/posts', bearer), await get(`/api/v1/posts?access_token=${KEY}`)]) {
      expect(body.posts.map(({ id }) => id)).toEqual([german.id]);
    }
    expect((await get(`/api/v1/gaps?access_token=${KEY}`)).response.status).toBe(200);
    expect((await get('/api/v1/posts?language=en', bearer)).body.error.code).toBe('forbidden');
    expect((await get(`/api/v1/posts/${german.id}`, bearer)).response.status).toBe(200);
    expect((await get(`/api/v1/posts/${english.id}`, bearer)).response.status).toBe(404);
    expect((await get('/api/v1/feed?language=en', bearer)).response.status).toBe(403);
  });

  it('guards sockets, and holds their filters to what is granted', async () => {
    expect((await refusedSocket({})).data).toMatchObject({ code: 'unauthorized', retryable: false });
    expect((await refusedSocket({ token: 7 })).data).toMatchObject({ code: 'unauthorized' });
    expect((await refusedSocket({ token: 'wrong' })).data).toMatchObject({ code: 'unauthorized' });
    using client = await listen(hub.url, { auth: { token: KEY } });
    const forbidden = { ok: false, error: { code: 'forbidden' } };
    expect(await client.socket.emitWithAck('subscribe', { filter: { language: ['en'] } })).toMatchObject(forbidden);
    expect(await client.socket.emitWithAck('history', {})).toMatchObject({ ok: true, posts: [{ id: german.id }] });
    expect(await client.socket.emitWithAck('subscribe', {})).toMatchObject({ ok: true });
    expect(await client.socket.emitWithAck('update-filter', { filter: { language: ['en'] } })).toMatchObject(forbidden);
    expect(await client.socket.emitWithAck('update-filter', { filter: { hashtag: ['x'] } })).toMatchObject({
      ok: true,
    });
    await opened.apply(
      [3, 4].map((n) =>
        anUpsert(aPost({ text: `${n}`, language: n === 3 ? 'en' : 'de', hub: { local_id: `${n}`, hashtags: ['x'] } })),
      ),
    );
    await client.until(() => client.events.length === 1);
    expect(client.events[0]).toMatchObject({ type: 'post', data: { language: 'de' } });
  });

  it('closes a connection when its token runs out', async () => {
    const secret = 'a secret that is long enough for HS256';
    const jwt = { keys: { secret } };
    await using other = await startGateway(opened, { access: { mode: 'token', apiKeys: [], jwt } });
    const token = await new SignJWT({ sub: 'ann', scope: 'read', exp: Math.ceil(Date.now() / 1000) + 1 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(secret));
    using client = await listen(other.url, { auth: { token }, reconnection: false });
    const stream = await fetch(`${other.url}/api/v1/feed`, { headers: { authorization: `Bearer ${token}` } });
    const gone = new Promise((resolve) => client.socket.once('disconnect', resolve));
    expect(await stream.text()).toMatch(/event: error\n.*\n?data: \{"code":"unauthorized"/);
    await gone;
    expect(client.errors).toMatchObject([{ code: 'unauthorized' }]);
  });

  it('leaves what people and probes look at open', async () => {
    expect((await fetch(hub.url)).status).toBe(200);
  });
});

describe('limits', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });
  const start = (options: Partial<DeliveryOptions>) => startGateway(opened, options);

  it('answer HTTP with 429 and when to come back; proxies that are trusted tell whom', async () => {
    await using hub = await start({ limits: { ...limits, requestsPerMinute: 2 }, trustedProxies: ['127.0.0.1'] });
    const get = (from: string) => fetch(`${hub.url}/api/v1/posts`, { headers: { 'x-forwarded-for': from } });
    expect((await get('203.0.113.1')).status).toBe(200);
    expect((await get('203.0.113.1')).status).toBe(200);
    const refused = await get('203.0.113.1');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
    expect(await refused.json()).toEqual({
      error: { code: 'rate_limited', message: expect.any(String), retryable: true, retry_after: 30 },
    });
    expect((await get('203.0.113.2')).status).toBe(200);
  });

  it('hold for connections of all kinds together', async () => {
    await using hub = await start({ limits: { ...limits, clientsPerAddress: 2 } });
    using client = await listen(hub.url);
    const stop = new AbortController();
    const stream = await fetch(`${hub.url}/api/v1/feed`, { signal: stop.signal });
    expect(stream.status).toBe(200);
    expect((await fetch(`${hub.url}/api/v1/feed`)).status).toBe(429);
    await expect(listen(hub.url, { reconnection: false })).rejects.toThrow();
    const polling = await fetch(`${hub.url}/socket.io/?EIO=4&transport=polling`);
    expect([polling.status, await polling.json()]).toEqual([
      403,
      { code: 4, message: expect.stringMatching(/^rate_limited: /) },
    ]);
    client.socket.disconnect();
    stop.abort();
    // The places are given back when the server has seen them go.
    for (let status = 429; status !== 200;) {
      const again = await fetch(`${hub.url}/api/v1/feed`);
      status = again.status;
      await again.body?.cancel();
    }
  });

  it('hold for messages; who does not listen is sent away', async () => {
    await using hub = await start({ limits: { ...limits, requestsPerMinute: 10 } });
    using client = await listen(hub.url, { reconnection: false });
    const gone = new Promise<string>((resolve) => client.socket.once('disconnect', resolve));
    const answers: { ok: boolean; error?: WireError }[] = [];
    for (let n = 0; n < 40; n++) client.raw.emit('history', {}, (answer: { ok: boolean }) => answers.push(answer));
    await gone;
    expect(answers.filter(({ ok }) => ok).length).toBeLessThan(10);
    expect(answers.find(({ ok }) => !ok)?.error).toMatchObject({
      code: 'rate_limited',
      retry_after: expect.any(Number),
    });
    expect(client.errors.at(-1)).toMatchObject({ code: 'rate_limited' });
  });

  it('make who wants its past wait for its turn, and say so', async () => {
    const { cursor } = await opened.page({ filter: {}, limit: 1 });
    await opened.apply([anUpsert(aPost({ text: 'past', hub: { local_id: '9' } }))]);
    const first = new AbortController();
    let replays = 0;
    // The first who reads its past from this store gets nothing until it gives up.
    const slow = Object.assign(Object.create(opened) as typeof opened, {
      watch(options: { from?: string; signal: AbortSignal }): AsyncIterable<FeedBatch> {
        if (options.from !== cursor || ++replays > 1) return opened.watch(options);
        return until(AbortSignal.any([options.signal, first.signal]));
      },
    });
    await using hub = await startGateway(slow, { limits: { ...limits, replays: 1 } });
    using holder = await listen(hub.url);
    await holder.socket.emitWithAck('subscribe', { cursor });
    using client = await listen(hub.url);
    const told = new Promise((resolve) => client.socket.once('waiting', resolve));
    const answer = client.socket.emitWithAck('subscribe', { cursor });
    expect(await told).toEqual({ ahead: 0 });
    holder.socket.disconnect();
    first.abort();
    expect(await answer).toMatchObject({ ok: true });
    await client.until(() => client.events.length === 1);
    expect(client.events[0]).toMatchObject({ data: { hub: { text: 'past' } } });
  });
});

/** Ends when it is told to, and has nothing. */
async function* until(signal: AbortSignal): AsyncIterable<FeedBatch> {
  if (!signal.aborted) await once(signal, 'abort');
  yield* [];
}
