import { once } from 'node:events';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { WebSocket } from 'ws';
import { ERROR_CODES } from '@hub/contracts';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { anyText, INTERNAL } from '../../../test/support/fuzz.ts';
import { openTestStore, startGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { watchFailures } from '../../../test/support/watch-failures.ts';

jest.setTimeout(120_000);

const body = fc.oneof(
  fc.jsonValue(),
  fc.record({ filter: fc.jsonValue(), cursor: fc.oneof(anyText, fc.integer()) }, { requiredKeys: [] }),
  fc.record({
    filter: fc.dictionary(fc.constantFrom('language', 'hashtag', 'keyword', 'not', 'media'), fc.jsonValue()),
  }),
  fc.record({ before: anyText, limit: fc.double() }, { requiredKeys: [] }),
);
const event = fc.oneof(
  fc.constantFrom('subscribe', 'update-filter', 'history', 'posts', 'error', 'connect', 'disconnect', '__proto__'),
  anyText,
);
/** Frames of Socket.IO that are right, nearly right, and nothing at all. */
const frame = fc.oneof(
  fc.tuple(event, fc.array(body, { maxLength: 3 })).map(([name, args]) => `42${JSON.stringify([name, ...args])}`),
  fc.tuple(fc.nat(99), event, body).map(([id, name, arg]) => `42${id}${JSON.stringify([name, arg])}`),
  fc.tuple(event, fc.nat(5)).map(([name, n]) => `45${n}-${JSON.stringify([name, { _placeholder: true, num: n }])}`),
  fc.constantFrom(
    '0',
    '1',
    '2',
    '2probe',
    '3',
    '4',
    '40',
    '40/other,',
    '41',
    '42',
    '42[',
    '42{}',
    '43',
    '5',
    '6',
    '7',
    '',
  ),
  anyText.map((rest) => `4${rest}`),
  anyText,
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

describe('whatever clients send', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let hub: TestGateway;
  const watch = watchFailures();
  const { failures } = watch;
  beforeAll(async () => {
    opened = await openTestStore();
    await opened.apply([anUpsert(aPost({ text: 'one', hub: { local_id: '1' } }))]);
    hub = await startGateway(opened);
  });
  afterAll(async () => {
    await hub.stop();
    await opened[Symbol.asyncDispose]();
    watch[Symbol.dispose]();
  });
  beforeEach(() => void failures.splice(0));

  const metric = async (name: string) => {
    const { values } = await hub.registry.getSingleMetric(`hub_delivery_${name}`)!.get();
    return values.reduce((sum, { value }) => sum + value, 0);
  };

  it('over WebSockets: frames are answered with typed errors, or the connection is closed with a code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 12 }), async (frames) => {
        const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
        const got: string[] = [];
        const ended = once(socket, 'close') as Promise<[number]>;
        const heard = (pattern: RegExp) =>
          new Promise<'heard'>((resolve) =>
            socket.on('message', (data: Buffer) => pattern.test(String(data)) && resolve('heard')),
          );
        socket.on('message', (data: Buffer) => got.push(String(data)));
        await once(socket, 'open');
        const connected = heard(/^40/);
        socket.send('40');
        await connected;
        const answered = heard(/^431234567\[/);
        for (const one of frames) socket.send(one);
        socket.send('421234567["history",{"limit":1}]');
        const outcome = await Promise.race([answered, ended]);
        if (outcome === 'heard') socket.close();
        const [code] = await ended;
        expect([1000, 1005, 1009]).toContain(code);
        expect(got.join('\n')).not.toMatch(INTERNAL);
        for (const [, json] of got.join('\n').matchAll(/^4(?:3\d+|2)(\[.*"error".*\])$/gm)) {
          const codes = [...json!.matchAll(/"code":"(\w+)"/g)].map(([, one]) => one!);
          expect(codes.filter((one) => !Object.hasOwn(ERROR_CODES, one))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
    expect(failures).toEqual([]);
  });

  it('over Mastodon’s WebSockets: commands are answered in words, and the connection goes on', async () => {
    const command = fc.oneof(
      fc
        .record({ type: fc.constantFrom('subscribe', 'unsubscribe', 'x'), stream: anyText, tag: anyText })
        .map((one) => JSON.stringify(one)),
      fc
        .constantFrom('public', 'public:media', 'hashtag', 'user')
        .map((stream) => JSON.stringify({ type: 'subscribe', stream })),
      fc.jsonValue().map((value) => JSON.stringify(value)),
      anyText,
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    );
    const search = fc.oneof(
      fc.constant(''),
      anyText.map((text) => `?stream=${encodeURIComponentSafely(text)}`),
    );
    await fc.assert(
      fc.asyncProperty(search, fc.array(command, { maxLength: 12 }), async (search, commands) => {
        const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/streaming${search}`);
        const got: string[] = [];
        socket.on('message', (data: Buffer) => got.push(data.toString()));
        await once(socket, 'open');
        for (const one of commands) socket.send(one);
        socket.ping();
        await once(socket, 'pong');
        const closed = once(socket, 'close');
        socket.close();
        await closed;
        for (const one of got) expect(Object.keys(JSON.parse(one) as object)).toEqual(['error']);
        expect(got.join('\n')).not.toMatch(INTERNAL);
      }),
      { numRuns: 150 },
    );
    expect(failures).toEqual([]);
  });

  const ask = async (path: string, method: string, headers: Record<string, string>, content = '') => {
    const asked = request({ port: hub.port, host: '127.0.0.1', path, method, headers });
    const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve).once('error', reject).end(content);
    });
    const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true;
    const answer = isStream && response.statusCode === 200 ? '' : await text(response);
    response.destroy();
    return { status: response.statusCode ?? 0, answer };
  };

  it('over HTTP: requests are answered with what was asked for or a typed error', async () => {
    const part = fc.oneof(
      anyText.map(encodeURIComponentSafely),
      fc.constantFrom('en', 'true', '1', '%00', '%', '%ff', '[]', '..'),
    );
    const name = fc.oneof(
      fc.constantFrom(
        'language',
        'hashtag',
        'keyword',
        'media',
        'reply',
        'not.hashtag',
        'not.',
        'before',
        'limit',
        'cursor',
        'min_length',
        'access_token',
        '__proto__',
        'constructor',
        'a[b]',
        'max_id',
        'min_id',
        'all[]',
        'none[]',
        'stream',
        'tag',
        'filter',
      ),
      part,
    );
    const query = fc
      .array(fc.tuple(name, part), { maxLength: 6 })
      .map((pairs) => pairs.map(([n, v]) => `${n}=${v}`).join('&'));
    const path = fc.oneof(
      fc.constantFrom(
        '/api/v1/timelines/public',
        '/api/v1/timelines/tag/a',
        '/api/v1/streaming',
        '/api/v1/streaming/hashtag',
        '/api/v2/instance',
        '/openapi.json',
        '/api/v1/posts',
        '/api/v1/feed',
        '/api/v1/gaps',
        '/socket.io/',
        '/',
        '/api',
        '/health',
        '//',
      ),
      part.map((id) => `/api/v1/posts/${id}`),
      part.map((id) => `/api/v1/statuses/${id}`),
      part.map((tag) => `/api/v1/timelines/tag/${tag}`),
      part.map((rest) => `/${rest}`),
    );
    const headers = fc.record(
      {
        origin: fc.constantFrom('null', 'https://evil.example', 'x', ''),
        'last-event-id': fc.stringMatching(/^[\x21-\x7e]{0,60}$/),
        authorization: fc.constantFrom('Bearer', 'Bearer a.b.c', 'Basic x', 'Bearer  '),
        'x-forwarded-for': fc.constantFrom(',,,', '1.2.3.4', '::1, x', 'x'.repeat(500)),
        'content-type': fc.constantFrom('application/json', 'text/plain', 'application/x-www-form-urlencoded', 'x'),
      },
      { requiredKeys: [] },
    );
    const method = fc.constantFrom('GET', 'GET', 'GET', 'POST', 'PUT', 'OPTIONS', 'HEAD');
    await fc.assert(
      fc.asyncProperty(path, query, method, headers, anyText, async (path, query, method, headers, content) => {
        const hasBody = method === 'POST' || method === 'PUT';
        const { status, answer } = await ask(`${path}?${query}`, method, headers, hasBody ? content : '');
        expect(status).toBeGreaterThanOrEqual(200);
        expect(status).toBeLessThan(500);
        expect(answer).not.toMatch(INTERNAL);
        const isOurs = /^\/api\/v1\/(posts|feed|gaps)/.test(path) && method !== 'HEAD' && method !== 'OPTIONS';
        if (isOurs && status >= 400) {
          expect(JSON.parse(answer)).toEqual({
            error: expect.objectContaining({ code: expect.any(String), message: expect.any(String), retryable: false }),
          });
        }
      }),
      { numRuns: 400 },
    );
    expect(failures).toEqual([]);
  });

  it('leaves nothing behind', async () => {
    const drained = async () => (await metric('clients')) + (await metric('rooms'));
    while ((await drained()) > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await drained()).toBe(0);
    expect((await fetch(`${hub.url}/api/v1/posts`)).status).toBe(200);
  });
});

/** Lone surrogates have no form in a URL. */
function encodeURIComponentSafely(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}
