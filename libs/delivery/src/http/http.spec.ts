import { request, type IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EventSource } from 'eventsource';
import type { HistoryPage, Post, WireError } from '@hub/contracts';
import type { Store } from '@hub/storage';
import { aDelete, aGap, anUpsert, aPost, type PostFields } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../../test/support/gateway.ts';

jest.setTimeout(30_000);

/** One store serves all tests here: each has a source of its own. */
let source = '';
const post = (n: number, fields: PostFields = {}): Post =>
  aPost({ text: `post ${n}`, ...fields, hub: { source, local_id: String(n), ...fields.hub } });
const gap = () => aGap({ source });
const store = (to: Store, ...posts: Post[]) => to.apply(posts.map((one) => anUpsert(one)));

/** A raw stream of server-sent events; `words` is what has come so far. */
async function openStream(url: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { headers }, resolve).on('error', reject).end();
  });
  response.setEncoding('utf8');
  const stream = { response, words: '', ended: false, until };
  let check: () => void = () => undefined;
  response.on('data', (part: string) => ((stream.words += part), check()));
  response.on('close', () => ((stream.ended = true), check()));
  function until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      check = () => condition() && resolve();
      check();
    });
  }
  return stream;
}

describe('the feed over HTTP', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let resources: AsyncDisposableStack;
  let hub: TestGateway;
  const get = async (path: string, init?: RequestInit) => {
    const response = await fetch(hub.url + path, init);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };

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
    hub = resources.use(await startGateway(opened));
  });
  afterEach(() => resources.disposeAsync());

  it.each([
    ['/api/v1/feed', 'text/event-stream; charset=utf-8'],
    ['/api/v1/streaming?stream=public', 'text/event-stream'],
    ['/api/v1/streaming/public', 'text/event-stream'],
    ['/api/v1/streaming/hashtag?tag=cats', 'text/event-stream'],
  ])('tells by HEAD how %s would begin, and opens no stream', async (path, type) => {
    const { status, headers } = await fetch(hub.url + path, { method: 'HEAD', signal: AbortSignal.timeout(10_000) });
    expect([status, headers.get('content-type')]).toEqual([200, type]);
    const clients = await hub.registry.getSingleMetric('hub_delivery_clients')!.get();
    expect(clients.values.filter(({ value }) => value > 0)).toEqual([]);
    expect((await fetch(`${hub.url}/api/v1/feed?reply=perhaps`, { method: 'HEAD' })).status).toBe(400);
  });

  it('measures how old a post is when the gateway gets it', async () => {
    const stream = await openStream(`${hub.url}/api/v1/feed`);
    const observed_at = new Date(Date.now() - 60_000).toISOString();
    await store(hub.store, post(1, { hub: { observed_at } }));
    await stream.until(() => stream.words.includes('event: post'));
    const { values } = await hub.registry.getSingleMetric('hub_delivery_feed_lag_seconds')!.get();
    const seconds = values.find((value) => (value as { metricName?: string }).metricName?.endsWith('_sum'))?.value;
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(seconds).toBeLessThan(90);
    stream.response.destroy();
  });

  it('opens a stream at once and sends events with their cursors as ids', async () => {
    const { response, ...stream } = await openStream(`${hub.url}/api/v1/feed`);
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    expect(stream).toBeDefined();
    response.destroy();
  });

  it('serves stock EventSource: posts, edits, deletions and gaps, filtered', async () => {
    const source = new EventSource(`${hub.url}/api/v1/feed?language=de,fr&sensitive=false`);
    const got: [string, unknown][] = [];
    const heard = (type: string) => new Promise((resolve) => source.addEventListener(type, resolve, { once: true }));
    for (const type of ['post', 'edit', 'delete', 'gap']) {
      source.addEventListener(type, ({ data, lastEventId }) => {
        expect(lastEventId).not.toBe('');
        got.push([type, JSON.parse(data as string)]);
      });
    }
    await heard('open');
    const german = post(1, { language: 'de' });
    // Listened for first: the event may be here before the store's answer.
    const posted = heard('post');
    await store(hub.store, german, post(2), post(3, { language: 'fr', sensitive: true }));
    await posted;
    const changed = { ...german, content: '<p>neu</p>', edited_at: '2026-11-01T13:00:00.000Z' };
    const edited = heard('edit');
    await hub.store.apply([anUpsert(changed, { edited: true })]);
    await edited;
    const closed = heard('gap');
    await hub.store.apply([aDelete(german), gap()]);
    await closed;
    source.close();
    expect(got).toEqual([
      ['post', german],
      ['edit', changed],
      ['delete', { id: german.id, uri: german.uri }],
      ['gap', gap().gap],
    ]);
  });

  it('resumes after Last-Event-ID, which counts before the cursor of the URL', async () => {
    const { cursor } = await hub.store.page({ filter: {}, limit: 1 });
    await store(hub.store, post(1), post(2));
    const first = await openStream(`${hub.url}/api/v1/feed?cursor=${cursor}`);
    await first.until(() => first.words.includes('post 2'));
    first.response.destroy();
    const ids = [...first.words.matchAll(/^id: (.+)$/gm)].map(([, id]) => id!);
    const again = await openStream(`${hub.url}/api/v1/feed?cursor=${cursor}`, { 'Last-Event-ID': ids[0]! });
    await again.until(() => again.words.includes('post 2'));
    again.response.destroy();
    expect(again.words).not.toContain('post 1<');
  });

  it('ends a stream from a cursor that is none with a typed error', async () => {
    const stream = await openStream(`${hub.url}/api/v1/feed?cursor=nonsense`);
    await stream.until(() => stream.ended);
    const [, data] = /^event: error\nretry: \d+\ndata: (.+)\n\n/m.exec(stream.words) ?? [];
    expect(JSON.parse(data ?? '')).toMatchObject({ code: 'invalid_cursor', retryable: false });
  });

  it('ends its streams when it stops, and says where to go on', async () => {
    const stream = await openStream(`${hub.url}/api/v1/feed`);
    await store(hub.store, post(1));
    await stream.until(() => stream.words.includes('post 1'));
    await hub.stop();
    await stream.until(() => stream.ended);
    const cursor = /^id: (.+)$/m.exec(stream.words)?.[1];
    expect(stream.words).toMatch(
      new RegExp(`event: error\nid: ${cursor}\ndata: .*shutting_down.*"cursor":"${cursor}"`),
    );
  });

  it('pages through posts', async () => {
    await store(hub.store, ...[1, 2, 3].map((n) => post(n, { created_at: `2026-11-01T1${n}:00:00.000Z` })));
    const newest = (await get(`/api/v1/posts?limit=2&language=en&instance=${source}`)).body as HistoryPage;
    expect(newest.posts.map(({ hub }) => hub.local_id)).toEqual(['3', '2']);
    const older = (await get(`/api/v1/posts?limit=2&instance=${source}&before=${newest.before}`)).body as HistoryPage;
    expect(older.posts.map(({ hub }) => hub.local_id)).toEqual(['1']);
    expect(older.before).toBeNull();
  });

  it('gives a post by its id, and the gaps', async () => {
    await store(hub.store, post(1));
    await hub.store.apply([gap()]);
    expect((await get(`/api/v1/posts/${post(1).id}`)).body).toEqual(post(1));
    expect((await get('/api/v1/gaps')).body).toEqual({ gaps: expect.arrayContaining([gap().gap]) });
  });

  it.each([
    ['/api/v1/posts/none', 404, 'not_found'],
    ['/api/v1/posts?limit=0', 400, 'bad_request'],
    ['/api/v1/posts?langauge=en', 400, 'invalid_filter'],
    ['/api/v1/posts?before=nonsense', 400, 'invalid_cursor'],
    ['/api/v1/feed?reply=perhaps', 400, 'invalid_filter'],
    ['/api/v1/gaps?limit=many', 400, 'bad_request'],
  ])('answers %s with %d %s', async (path, status, code) => {
    const answer = await get(path);
    expect([answer.status, (answer.body as { error: WireError }).error.code]).toEqual([status, code]);
  });

  it('lets the pages of allowed origins read, and no others', async () => {
    await using open = await startGateway(hub.store, { allowedOrigins: ['https://wall.example'] });
    const allowed = async (origin: string, method = 'GET') => {
      const { headers } = await fetch(`${open.url}/api/v1/posts`, { method, headers: { origin } });
      return headers.get('access-control-allow-origin');
    };
    expect(await allowed('https://wall.example')).toBe('https://wall.example');
    expect(await allowed('https://wall.example', 'OPTIONS')).toBe('https://wall.example');
    expect(await allowed('https://evil.example')).toBeNull();
  });
});
