import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../../test/support/gateway.ts';

describe('the edge of HTTP', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let hub: TestGateway;
  const post = aPost({ text: 'one', hub: { local_id: '1' } });
  beforeAll(async () => {
    opened = await openTestStore();
    await opened.apply([anUpsert(post)]);
    hub = await startGateway(opened, { allowedOrigins: ['https://wall.example'] });
  });
  afterAll(async () => {
    await hub.stop();
    await opened[Symbol.asyncDispose]();
  });

  /** The beginning of an answer; its body is not waited for. */
  const begin = async (method: string, path: string, headers: Record<string, string> = {}) => {
    const asked = request({ port: hub.port, host: '127.0.0.1', path, method, headers }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return response;
  };
  const ask = async (...args: Parameters<typeof begin>) => {
    const response = await begin(...args);
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  };
  /** All that comes back for these bytes, until the hub closes the connection. */
  const speak = async (words: string) => {
    const socket = connect(hub.port, '127.0.0.1');
    socket.write(words);
    return text(socket);
  };

  const ALLOW = 'GET, HEAD, OPTIONS';
  const SAID = `This answers to ${ALLOW} alone.`;

  it.each([
    ['POST', '/api/v1/posts'],
    ['DELETE', `/api/v1/posts/${post.id}`],
    ['PUT', '/api/v1/feed'],
    ['POST', '/'],
  ])('says which methods there are: %s %s', async (method, path) => {
    const { status, headers, body } = await ask(method, path);
    expect([status, headers.allow]).toEqual([405, ALLOW]);
    expect(JSON.parse(body)).toEqual({ error: { code: 'bad_request', message: SAID, retryable: false } });
    expect(await ask('OPTIONS', path)).toMatchObject({ status: 204, headers: { allow: ALLOW }, body: '' });
  });

  it.each(['POST', 'OPTIONS', 'GET'])('has nothing for %s where there is nothing', async (method) => {
    for (const path of ['/nothing', '/api/v1/posts/1/2']) {
      const { status, headers, body } = await ask(method, path);
      expect([status, headers.allow]).toEqual([404, undefined]);
      expect(JSON.parse(body)).toMatchObject({ error: { code: 'not_found', retryable: false } });
    }
  });

  it('tells clients of Mastodon in their form what there is not', async () => {
    const unknown = await ask('GET', '/api/v1/accounts/verify_credentials');
    expect([unknown.status, JSON.parse(unknown.body)]).toEqual([404, { error: expect.any(String), code: 'not_found' }]);
    const written = await ask('PATCH', '/api/v1/timelines/public/');
    expect([written.status, JSON.parse(written.body)]).toEqual([405, { error: SAID, code: 'bad_request' }]);
  });

  it('answers preflights of allowed pages, and of others without allowing anything', async () => {
    const preflight = (origin: string) =>
      ask('OPTIONS', '/api/v1/posts', { origin, 'access-control-request-method': 'GET' });
    const allowed = await preflight('https://wall.example');
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([204, 'https://wall.example']);
    expect(allowed.headers['access-control-max-age']).toBe('600');
    const other = await preflight('https://evil.example');
    expect([other.status, other.headers['access-control-allow-origin']]).toEqual([204, undefined]);
    for (const { headers } of [allowed, other, await ask('GET', '/api/v1/posts')])
      expect(headers.vary).toMatch(/^Origin/);
  });

  it.each(['/api/v1/nothing', '/api/v1/posts/none', '/api/v1/posts?limit=0', '/api/v1/timelines/public?limit=0'])(
    'lets nobody keep an error: %s',
    async (path) => {
      expect((await ask('GET', path)).headers['cache-control']).toBe('no-store');
    },
  );

  it('has what is kept asked for again, and says when it is the same', async () => {
    const { headers } = await ask('GET', `/api/v1/posts/${post.id}`);
    expect(headers['cache-control']).toBe('no-cache');
    const again = await ask('GET', `/api/v1/posts/${post.id}`, { 'if-none-match': String(headers.etag) });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  it.each([
    ['431', `GET /api/v1/posts HTTP/1.1\r\nHost: hub\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`, 'payload_too_large'],
    ['400', 'nonsense\r\n\r\n', 'bad_request'],
    ['400', 'GET / HTTP/1.1\r\nHost: hub\r\nContent-Length: minus\r\n\r\n', 'bad_request'],
  ])('answers %s in words, and closes the connection', async (status, words, code) => {
    const [head = '', body = ''] = (await speak(words)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} \\w`));
    expect(head).toMatch(/^Connection: close$/m);
    expect(head).toMatch(/^Cache-Control: no-store$/m);
    expect(JSON.parse(body)).toMatchObject({ error: { code, message: expect.any(String), retryable: false } });
  });

  it('puts no such words into the middle of another answer', async () => {
    const socket = connect(hub.port, '127.0.0.1');
    socket.write('GET /api/v1/feed HTTP/1.1\r\nHost: hub\r\n\r\n');
    await once(socket, 'data');
    socket.write('nonsense\r\n\r\n');
    expect(await text(socket)).not.toContain('HTTP/1.1');
  });

  it('has words for them after another answer', async () => {
    const socket = connect(hub.port, '127.0.0.1');
    socket.write('GET /api/v1/streaming/health HTTP/1.1\r\nHost: hub\r\n\r\n');
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1.1 200 OK/);
    socket.write('nonsense\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 Bad Request/);
  });

  it.each([
    ['//', 200],
    ['//[', 404],
    ['/api/v1/posts', 200],
    ['/api/v1/feed?reply=perhaps', 400],
  ])('answers who offers another protocol as if it had not: %s', async (path, status) => {
    for (const upgrade of ['h2c', 'websocket']) {
      const socket = connect(hub.port, '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString().split(' ', 2)).toEqual(['HTTP/1.1', String(status)]);
      socket.destroy();
    }
  });

  it.each(['/api/v1/posts/%E0%A4%A', '/nothing'])('sets the headers of all answers, also for %s', async (path) => {
    const { status, headers } = await ask('GET', path, { origin: 'https://wall.example' });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers).toMatchObject({
      'content-security-policy': expect.any(String),
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': 'https://wall.example',
    });
  });

  it('reads no bodies', async () => {
    const asked = request({ port: hub.port, host: '127.0.0.1', path: '/api/v1/posts', method: 'POST' });
    asked.setHeader('Content-Type', 'application/json');
    asked.end('{"');
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(405);
    response.resume();
  });

  it('compresses JSON for who takes it', async () => {
    const plain = await ask('GET', '/api/v1/posts');
    expect(plain.headers['content-encoding']).toBeUndefined();
    const response = await begin('GET', '/api/v1/posts', { 'accept-encoding': 'gzip' });
    expect(response.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': plain.headers['content-type'],
      vary: 'Origin, Accept-Encoding',
    });
    expect(gunzipSync(await buffer(response)).toString()).toBe(plain.body);
    const etag = String(response.headers.etag);
    const again = await ask('GET', '/api/v1/posts', { 'accept-encoding': 'gzip', 'if-none-match': etag });
    expect([again.status, again.body]).toEqual([304, '']);
    expect((await ask('GET', '/nothing', { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBeUndefined();
  });
});
