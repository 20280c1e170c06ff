import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createRestAPIClient, createStreamingAPIClient, MastoHttpError, type mastodon } from 'masto';
import { WebSocket } from 'ws';
import type { Post } from '@hub/contracts';
import { aDelete, anUpsert, aPost, type PostFields } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../../test/support/gateway.ts';
import type { DeliveryOptions } from '../delivery.options.ts';
import { toMastodonId } from './ids.ts';

jest.setTimeout(30_000);

const SECRET = 'a secret that is long enough for HS256';

describe('clients of Mastodon', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let resources: AsyncDisposableStack;
  let hub: TestGateway;
  let rest: mastodon.rest.Client;
  /** Each test has a tag of its own. */
  let tag = '';
  let tests = 0;
  let count = 0;
  const post = (fields: PostFields = {}): Post => {
    const n = ++count;
    const time = new Date(Date.UTC(2026, 10, 1) + n * 60_000).toISOString();
    const hub = { source: 'm.example', local_id: String(n), hashtags: [tag], ...fields.hub };
    return aPost({ text: `post ${n}`, created_at: time, tags: [{ name: tag, url: '' }], ...fields, hub });
  };
  const store = async (...posts: Post[]) => {
    await opened.apply(posts.map((each) => anUpsert(each)));
    return posts.map(asSeen);
  };
  /** A post as they know it. */
  const asSeen = <P extends { id: string }>(one: P): P => ({ ...one, id: toMastodonId(one.id) });
  const ids = (all: { id: string }[]) => all.map(({ id }) => id);
  const start = async (options: Partial<DeliveryOptions> = {}) => {
    hub = resources.use(await startGateway(opened, options));
    rest = createRestAPIClient({ url: hub.url });
  };

  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    tag = `tag${++tests}`;
    resources = new AsyncDisposableStack();
    await start();
  });
  afterEach(() => resources.disposeAsync());

  it('page through a timeline to its end, and back, by the links', async () => {
    const posts = (await store(...Array.from({ length: 7 }, () => post()))).toReversed();
    const pages: string[][] = [];
    for await (const page of rest.v1.timelines.tag.$select(tag).list({ limit: 3 })) pages.push(ids(page));
    expect(pages).toEqual(
      [ids(posts.slice(0, 3)), ids(posts.slice(3, 6)), ids(posts.slice(6)), []].slice(0, pages.length),
    );
    expect(pages.flat()).toEqual(ids(posts));
    const list = (bounds: object) =>
      rest.v1.timelines.tag
        .$select(tag)
        .list({ limit: 2, ...bounds })
        .then(ids);
    expect(await list({ maxId: posts[4]!.id })).toEqual(ids(posts.slice(5, 7)));
    expect(await list({ minId: posts[4]!.id })).toEqual(ids(posts.slice(2, 4)));
    expect(await list({ sinceId: posts[4]!.id })).toEqual(ids(posts.slice(0, 2)));
    expect(await list({ minId: '0' })).toEqual(ids(posts.slice(5, 7)));
    const response = await fetch(`${hub.url}/api/v1/timelines/tag/${tag}?limit=2`);
    expect(response.headers.get('link')).toBe(
      `<${hub.url}/api/v1/timelines/tag/${tag}?limit=2&max_id=${posts[1]!.id}>; rel="next", ` +
        `<${hub.url}/api/v1/timelines/tag/${tag}?limit=2&min_id=${posts[0]!.id}>; rel="prev"`,
    );
  });

  it('read statuses, the public timeline and what the server is', async () => {
    const [plain, pictured] = await store(post(), post({ hub: { media: ['image'] } }));
    const status = await rest.v1.statuses.$select(plain!.id).fetch();
    expect(status).toMatchObject({
      id: plain!.id,
      uri: plain!.uri,
      content: plain!.content,
      account: { acct: plain!.account.acct },
    });
    expect(ids(await rest.v1.timelines.public.list({ limit: 2 }))).toEqual(ids([pictured!, plain!]));
    expect(ids(await rest.v1.timelines.public.list({ limit: 1, onlyMedia: true }))).toEqual([pictured!.id]);
    expect(await rest.v1.timelines.public.list({ local: true })).toEqual([]);
    const instance = await rest.v2.instance.fetch();
    expect(instance.configuration.urls.streaming).toBe(hub.url.replace('http', 'ws'));
    expect(instance.domain).toBe(new URL(hub.url).host);
    expect((await rest.v1.instance.fetch()).urls.streamingApi).toBe(instance.configuration.urls.streaming);
  });

  it('are told errors in their form', async () => {
    const error: unknown = await rest.v1.statuses
      .$select('01ARZ3NDEKTSV4RRFFQ69G5FAV')
      .fetch()
      .catch((one: unknown) => one);
    expect(error).toBeInstanceOf(MastoHttpError);
    expect(error).toMatchObject({ statusCode: 404, message: expect.stringMatching(/no such post/) });
    const get = async (path: string) => {
      const response = await fetch(hub.url + path);
      return [response.status, await response.json()];
    };
    const text = expect.any(String);
    expect(await get('/api/v1/timelines/public?limit=many')).toEqual([400, { error: text, code: 'bad_request' }]);
    expect(await get('/api/v1/timelines/public?max_id=x')).toEqual([400, { error: text, code: 'invalid_cursor' }]);
    expect(await get('/api/v1/timelines/tag/a?all[]=b')).toEqual([400, { error: text, code: 'bad_request' }]);
    expect(await get('/api/v1/streaming/hashtag')).toEqual([400, { error: text, code: 'bad_request' }]);
  });

  it('follow streams over WebSockets, several on one connection', async () => {
    const { configuration } = await rest.v2.instance.fetch();
    const streaming = createStreamingAPIClient({
      streamingApiUrl: configuration.urls.streaming,
      implementation: WebSocket,
    });
    resources.defer(() => streaming.close());
    const tagged = streaming.hashtag.subscribe({ tag });
    const all = streaming.public.subscribe();
    const got: [string, string, string][] = [];
    const follow = async (name: string, stream: AsyncIterable<mastodon.streaming.Event>, until: string) => {
      for await (const { event, payload } of stream) {
        const id = typeof payload === 'string' ? payload : (payload as { id: string }).id;
        got.push([name, event, id]);
        if (event === until) return;
      }
    };
    const following = [follow('tag', tagged, 'delete'), follow('all', all, 'delete')];
    while ((await clients()) < 2) await new Promise((resolve) => setImmediate(resolve));
    const [ours, other] = await store(post(), post({ hub: { hashtags: ['other'] } }));
    const has = async (n: number) => {
      while (got.length < n) await new Promise((resolve) => setImmediate(resolve));
    };
    await has(3);
    const own = await hub.store.page({ filter: { hashtag: [tag] }, limit: 1 }).then(({ posts }) => posts[0]!);
    await opened.apply([
      anUpsert({ ...own, edited_at: '2026-12-01T00:00:00.000Z', content: '<p>!</p>' }, { edited: true }),
    ]);
    await has(5);
    await opened.apply([aDelete(own)]);
    await Promise.all(following);
    expect(got.filter(([name]) => name === 'tag')).toEqual([
      ['tag', 'update', ours!.id],
      ['tag', 'status.update', ours!.id],
      ['tag', 'delete', ours!.id],
    ]);
    expect(got.filter(([name]) => name === 'all').map(([, event, id]) => [event, id])).toEqual([
      ['update', ours!.id],
      ['update', other!.id],
      ['status.update', ours!.id],
      ['delete', ours!.id],
    ]);
  });

  async function clients(): Promise<number> {
    const { values } = await hub.registry.getSingleMetric('hub_delivery_clients')!.get();
    return values.find(({ labels }) => labels['transport'] === 'mastodon')?.value ?? 0;
  }

  it('follow streams over server-sent events', async () => {
    const stop = new AbortController();
    const response = await fetch(`${hub.url}/api/v1/streaming/hashtag?tag=${tag}`, { signal: stop.signal });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const [one] = await store(post());
    let text = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (/^data: .*\n\n/m.test(text)) break;
    }
    const [, event, data] = /^event: (\w+)\ndata: (.*)\n\n/m.exec(text) ?? [];
    expect([event, (JSON.parse(data!) as Post).id]).toEqual(['update', one!.id]);
    expect(await (await fetch(`${hub.url}/api/v1/streaming/health`)).text()).toBe('OK');
  });

  it('show their token in any of the ways that they do', async () => {
    const { SignJWT } = await import('jose');
    await start({ access: { mode: 'token', apiKeys: [], jwt: { keys: { secret: SECRET } } } });
    const token = await new SignJWT({ scope: 'read', sub: 'ann', exp: Math.floor(Date.now() / 1000) + 60 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.from(SECRET));
    await expect(rest.v1.timelines.public.list()).rejects.toMatchObject({ statusCode: 401 });
    await createRestAPIClient({ url: hub.url, accessToken: token }).v1.timelines.public.list();
    const at = `${hub.url.replace('http', 'ws')}/api/v1/streaming?stream=public`;
    const opens = async (socket: WebSocket) => {
      await once(socket, 'open');
      socket.close();
    };
    await opens(new WebSocket(at, [token]));
    await opens(new WebSocket(`${at}&access_token=${token}`));
    await opens(new WebSocket(at, { headers: { authorization: `Bearer ${token}` } }));
    await expect(opens(new WebSocket(at))).rejects.toThrow(/401/);
    const origin = { origin: 'https://evil.example' };
    await expect(opens(new WebSocket(`${at}&access_token=${token}`, origin))).rejects.toThrow(/403/);
  });

  it('are told what they may not have, and sent away when the hub stops', async () => {
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/streaming`);
    await once(socket, 'open');
    const errors: string[] = [];
    socket.on('message', (data: Buffer) => errors.push((JSON.parse(data.toString()) as { error: string }).error));
    const commands = [
      '{',
      '[]',
      '{"type":"subscribe","stream":"user"}',
      '{"type":"subscribe","stream":"hashtag"}',
      '{"type":"x"}',
    ];
    for (const command of commands) socket.send(command);
    socket.send(Buffer.from('{"type":"subscribe","stream":"public"}'));
    while (errors.length < 6) await once(socket, 'message');
    expect(errors.join()).not.toMatch(/Unexpected|JSON\.parse|\.ts/);
    socket.send('{"type":"subscribe","stream":"public"}');
    while ((await clients()) < 1) await new Promise((resolve) => setImmediate(resolve));
    const closed = once(socket, 'close');
    await hub.stop();
    expect((await closed)[0]).toBe(1013);
  });
});
