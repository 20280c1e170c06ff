import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRestAPIClient, type mastodon } from 'masto';
import { runSimulator } from './testing/running.ts';

type Timeline = mastodon.rest.v1.ListTimelineParams;

let simulator: Awaited<ReturnType<typeof runSimulator>>;
let client: mastodon.rest.Client;
beforeEach(async () => {
  simulator = await runSimulator();
  client = createRestAPIClient({ url: simulator.url });
});
afterEach(() => simulator.close());

const get = (path: string, init: RequestInit = {}) => fetch(simulator.url + path, init);
const shownIds = async () => (await simulator.admin.truth()).posts.map(({ id }) => BigInt(id));
const newestFirst = (a: bigint, b: bigint) => Number(b - a);

describe('timelines, read with masto', () => {
  it('visit each post once, going back', async () => {
    await simulator.admin.ask('POST', 'emit', { count: 300 });
    const seen: bigint[] = [];
    for await (const page of client.v1.timelines.public.list({ limit: 40 }))
      seen.push(...page.map(({ id }) => BigInt(id)));
    expect(seen.length).toBeGreaterThan(200);
    expect(seen).toEqual((await shownIds()).sort(newestFirst));
  });

  it('visit each post once, going forward from a post', async () => {
    await simulator.admin.ask('POST', 'emit', { count: 200 });
    const ids = (await shownIds()).sort(newestFirst).toReversed();
    const seen: bigint[] = [ids[0] ?? 0n];
    const first: Timeline = { minId: String(ids[0]), limit: 7 };
    for await (const page of client.v1.timelines.public.list(first).setDirection('prev')) {
      if (page.length === 0) break;
      seen.push(...page.map(({ id }) => BigInt(id)).toReversed());
    }
    expect(seen).toEqual(ids);
  });

  it('jump to the newest page with since_id and stay next to min_id', async () => {
    await simulator.admin.emit('post', {}, 30);
    const ids = (await shownIds()).sort(newestFirst).map(String);
    const page = async (params: Timeline) =>
      (await client.v1.timelines.public.list({ limit: 5, ...params })).map(({ id }) => id);
    expect(await page({ sinceId: ids[20] ?? '' })).toEqual(ids.slice(0, 5));
    expect(await page({ minId: ids[20] ?? '' })).toEqual(ids.slice(15, 20));
    expect(await page({ sinceId: ids[2] ?? '' })).toEqual(ids.slice(0, 2));
    expect(await page({ maxId: ids[20] ?? '', minId: ids[25] ?? '' })).toEqual(ids.slice(21, 25));
  });

  it('tell local from remote posts and those with media from those without', async () => {
    await simulator.admin.ask('POST', 'emit', { count: 150 });
    const accts = async (params: Timeline) =>
      (await client.v1.timelines.public.list(params)).map(({ account }) => account.acct);
    expect((await accts({ local: true })).filter((acct) => acct.includes('@'))).toEqual([]);
    expect((await accts({ remote: true })).filter((acct) => !acct.includes('@'))).toEqual([]);
    const withMedia = await client.v1.timelines.public.list({ onlyMedia: true });
    expect(withMedia.length).toBeGreaterThan(3);
    expect(withMedia.every(({ mediaAttachments }) => mediaAttachments.length > 0)).toBe(true);
  });

  it('find hashtags however they are written', async () => {
    await simulator.admin.emit('post', {
      content: '<p>#Fotografía</p>',
      tags: [{ name: 'fotografia', url: 'https://x.example' }],
    });
    await simulator.admin.emit('post', { content: '<p>nothing</p>' });
    expect(await client.v1.timelines.tag.$select('FotografíA').list()).toHaveLength(1);
    expect(await client.v1.timelines.tag.$select('nothing').list()).toHaveLength(0);
  });

  it('name their neighbours in the Link header, with the parameters of the request', async () => {
    await simulator.admin.emit('post', {}, 3);
    const response = await get('/api/v1/timelines/public?limit=2&remote=false&max_id=999999999999999999');
    const posts = (await response.json()) as { id: string }[];
    const page = `${simulator.url}/api/v1/timelines/public?remote=false&limit=2`;
    expect(response.headers.get('link')).toBe(
      `<${page}&max_id=${posts[1]?.id}>; rel="next", <${page}&min_id=${posts[0]?.id}>; rel="prev"`,
    );
    expect((await get('/api/v1/timelines/public?max_id=1')).headers.get('link')).toBeNull();
  });
});

describe('single posts, read with masto', () => {
  it('exist while they are public and not deleted', async () => {
    const [made] = await simulator.admin.emit('post', { content: '<p>here</p>' });
    const id = made?.id ?? '';
    expect((await client.v1.statuses.$select(id).fetch()).content).toBe('<p>here</p>');
    await simulator.admin.emit('edit', { id, content: '<p>there</p>' });
    expect(await client.v1.statuses.$select(id).fetch()).toMatchObject({
      content: '<p>there</p>',
      editedAt: expect.any(String),
    });
    const [secret] = await simulator.admin.emit('private');
    const several = await client.v1.statuses.fetch({ id: [id, secret?.id ?? '', '12'] });
    expect(several.map((status) => status.id)).toEqual([id]);
    await simulator.admin.emit('delete', { id });
    for (const gone of [id, secret?.id ?? '', '12', 'abc']) {
      const response = await get(`/api/v1/statuses/${gone}`);
      expect([response.status, await response.json()]).toEqual([404, { error: 'Record not found' }]);
    }
  });

  it('come in batches of 20 at most', async () => {
    const ids = Array.from({ length: 21 }, (_, i) => `id[]=${i + 1}`);
    expect((await get(`/api/v1/statuses?${ids.join('&')}`)).status).toBe(422);
    expect((await get(`/api/v1/statuses?${ids.slice(1).join('&')}`)).status).toBe(200);
  });
});

describe('the server', () => {
  it('describes itself to masto', async () => {
    const instance = await client.v2.instance.fetch();
    expect(instance.configuration.urls.streaming).toBe(simulator.url.replace('http', 'ws'));
    expect(instance.version).toMatch(/^4\.5\./);
    expect(await (await get('/api/v2/instance')).json()).toMatchObject({
      configuration: { timelines_access: { live_feeds: { local: 'public', remote: 'public' } } },
    });
    expect((await client.v1.instance.fetch()).urls).toEqual({ streamingApi: instance.configuration.urls.streaming });
  });

  it('lets every page in the web read it', async () => {
    const response = await get('/api/v1/timelines/public', { headers: { origin: 'https://elsewhere.example' } });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toContain('Link');
  });

  it('answers what it does not have as Mastodon does', async () => {
    const response = await get('/api/v1/nothing');
    expect([response.status, await response.json()]).toEqual([404, { error: 'Not Found' }]);
  });

  it('draws the pictures that posts name', async () => {
    const response = await get('/system/accounts/avatars/1/original/a.png');
    expect(response.headers.get('content-type')).toContain('image/svg+xml');
  });

  it('says what is wrong with a port that is taken', async () => {
    const port = Number(new URL(simulator.url).port);
    await expect(runSimulator({ port })).rejects.toMatchObject({
      code: 'invalid_config',
      message: expect.stringContaining(`${port}`),
    });
  });
});

describe('rate limits and faults', () => {
  it('refuses more than the limit, and says so as Mastodon does', async () => {
    await simulator.admin.ask('PUT', 'rate-limit', { limit: 2 });
    const responses = [
      await get('/api/v1/timelines/public'),
      await get('/api/v2/instance'),
      await get('/api/v1/timelines/public'),
    ];
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(responses.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['1', '0', '0']);
    expect(responses[2]?.headers.get('x-ratelimit-reset')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000000Z$/);
    expect(await responses[2]?.json()).toEqual({ error: 'Too many requests' });
    expect((await get('/api/v1/timelines/public', { headers: { authorization: 'Bearer another' } })).status).toBe(200);
    expect((await simulator.admin.stats()).requestsRefused).toBe(1);
  });

  it('fails as often as it is told to', async () => {
    await simulator.admin.fault({ name: 'rate_limited', count: 1 });
    await simulator.admin.fault({ name: 'server_error', count: 1 });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await get('/api/v1/timelines/public')).status);
    expect(statuses).toEqual([429, 503, 200]);
  });

  it('tells whom it refuses when to come back', async () => {
    await simulator.admin.fault({ name: 'rate_limited', count: 1 });
    expect((await get('/api/v1/timelines/public')).headers.get('retry-after')).toBe('30');
    expect((await get('/api/v1/timelines/public')).status).toBe(200);
  });

  it('is away, or takes connections and says nothing, until the fault is over', async () => {
    await simulator.admin.fault({ name: 'unreachable' });
    await expect(get('/api/v1/timelines/public')).rejects.toThrow();
    await simulator.admin.ask('DELETE', 'faults');
    await simulator.admin.fault({ name: 'no_answer' });
    const silence = fetch(`${simulator.url}/api/v1/timelines/public`, { signal: AbortSignal.timeout(300) });
    await expect(silence).rejects.toMatchObject({ name: 'TimeoutError' });
    await simulator.admin.ask('DELETE', 'faults');
    expect((await get('/api/v1/timelines/public')).status).toBe(200);
  });

  it('switches its feeds off for deletes_only', async () => {
    await simulator.admin.emit('post');
    await simulator.admin.fault({ name: 'deletes_only' });
    expect(await (await get('/api/v1/timelines/public')).json()).toEqual([]);
    expect(await (await get('/api/v2/instance')).json()).toMatchObject({
      configuration: { timelines_access: { live_feeds: { local: 'disabled', remote: 'disabled' } } },
    });
  });

  it('refuses orders that make no sense', async () => {
    await expect(simulator.admin.ask('POST', 'faults', { name: 'earthquake' })).rejects.toThrow(/400.*name/);
    await expect(simulator.admin.ask('PUT', 'rate', { rate: -1 })).rejects.toThrow(/400.*rate/);
    await expect(simulator.admin.ask('POST', 'emit', { count: 0 })).rejects.toThrow(/400.*count/);
  });
});

describe('a server that wants a token', () => {
  beforeEach(async () => {
    await simulator.close();
    simulator = await runSimulator({ accessToken: 'right' });
  });

  it('asks for it where Mastodon does', async () => {
    const status = async (path: string, token?: string) =>
      (await get(path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status('/api/v1/timelines/public')).toBe(422);
    expect(await status('/api/v1/timelines/public', 'wrong')).toBe(401);
    expect(await status('/api/v1/timelines/public', 'right')).toBe(200);
    expect(await status('/api/v1/timelines/public?access_token=right')).toBe(200);
    expect(await status('/api/v1/apps/verify_credentials')).toBe(401);
    expect(await status('/api/v1/accounts/verify_credentials', 'right')).toBe(200);
    expect(await status('/api/v2/instance')).toBe(200);
    expect(await status('/api/v1/streaming/public')).toBe(401);
    expect(await status('/api/v1/streaming/health')).toBe(200);
  });

  it('shows a user its own relation to posts', async () => {
    await simulator.admin.emit('post');
    const [status] = await createRestAPIClient({ url: simulator.url, accessToken: 'right' }).v1.timelines.public.list();
    expect(status).toMatchObject({ favourited: false, reblogged: false, bookmarked: false, filtered: [] });
  });
});
