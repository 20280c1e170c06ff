import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { IngestMetrics } from '../metrics.ts';
import { namedBase } from './streaming-url.ts';
import { ServerApi } from './server-api.ts';

let http: Server;
let api: ServerApi;
let requests: IncomingMessage[];
/** What the server says, one after the other; then the last for ever. */
let answers: ((response: ServerResponse) => void)[];

const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
const { signal } = new AbortController();

beforeEach(async () => {
  requests = [];
  http = createServer((request, response) => {
    requests.push(request);
    const next = answers.length > 1 ? answers.shift() : answers[0];
    next?.(response);
  }).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = new URL(`http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  api = new ServerApi(url, { 'User-Agent': 'hub', Authorization: 'Bearer t' }, new IngestMetrics(new Registry()));
});

afterEach(() => {
  http.close();
  http.closeAllConnections();
});

describe('ServerApi', () => {
  it.each([
    ['public', '/api/v1/timelines/public?limit=40&min_id=5'],
    ['public:local', '/api/v1/timelines/public?limit=40&min_id=5&local=true'],
    ['public:remote', '/api/v1/timelines/public?limit=40&min_id=5&remote=true'],
    ['hashtag:日本', '/api/v1/timelines/tag/%E6%97%A5%E6%9C%AC?limit=40&min_id=5'],
    ['hashtag:MixedCase_1', '/api/v1/timelines/tag/MixedCase_1?limit=40&min_id=5'],
  ] as const)('asks for the timeline of %s, oldest first', async (stream, path) => {
    answers = [json([{ id: '7' }, { id: '6' }, 'junk', {}])];
    expect((await api.timeline(stream, '5', 40, signal)).map(({ id }) => id)).toEqual(['6', '7']);
    expect(requests[0]?.url).toBe(path);
    expect(requests[0]?.headers).toMatchObject({ 'user-agent': 'hub', authorization: 'Bearer t' });
  });

  it('asks for many posts at once', async () => {
    answers = [json([{ id: '1' }])];
    expect(await api.statuses(['1', '2'], signal)).toEqual([{ id: '1' }]);
    expect(requests[0]?.url).toBe('/api/v1/statuses?id[]=1&id[]=2');
  });

  it('waits as 429 says, and asks again', async () => {
    answers = [json({ error: 'slow down' }, 429, { 'Retry-After': '1' }), json([])];
    const begun = Date.now();
    expect(await api.timeline('public', undefined, 1, signal)).toEqual([]);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(990);
    expect(requests).toHaveLength(2);
  });

  it('asks again after a failure of the server, also one in HTML', async () => {
    answers = [
      (response) => void response.writeHead(502, { 'Content-Type': 'text/html' }).end('<h1>Bad</h1>'),
      json([]),
    ];
    expect(await api.timeline('public', undefined, 1, signal)).toEqual([]);
  });

  it('does not let a probe wait for the rate limit', async () => {
    answers = [json([{ id: '9' }], 200, { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '2999-01-01T00:00:00Z' })];
    expect(await api.newestId('public', signal)).toBe('9');
    await expect(api.newestId('public', signal)).rejects.toMatchObject({ status: 429 });
    expect(requests).toHaveLength(1);
  });

  it('tells a refusal at once', async () => {
    answers = [json({ error: 'This method requires an authenticated user' }, 422)];
    await expect(api.timeline('public', undefined, 1, signal)).rejects.toMatchObject({ status: 422 });
    expect(requests).toHaveLength(1);
  });

  it('tells a post that is not there from a server that does not answer', async () => {
    answers = [json({ error: 'Record not found' }, 404)];
    expect(await api.status('1', signal)).toBeUndefined();
    answers = [json({ error: 'no' }, 403)];
    await expect(api.status('1', signal)).rejects.toMatchObject({ status: 403 });
  });

  it('does not take something else for a list', async () => {
    answers = [json({ html: 'a captive portal' })];
    const stop = AbortSignal.timeout(200);
    await expect(api.timeline('public', undefined, 1, stop)).rejects.toThrow();
  });

  it('finds the streaming address in the old instance document where there is no new one', async () => {
    answers = [json({ error: 'x' }, 404), json({ urls: { streaming_api: 'wss://s.example' } })];
    expect(namedBase(await api.instance(signal))).toBe('wss://s.example');
    answers = [json({ configuration: { urls: { streaming: 'wss://t.example' } } })];
    expect(namedBase(await api.instance(signal))).toBe('wss://t.example');
    answers = [json({})];
    expect(namedBase(await api.instance(signal))).toBeUndefined();
  });
});
