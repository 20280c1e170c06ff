import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SseConnection } from './sse-connection.ts';
import type { ServerSentEvent } from './sse-parser.ts';

let server: Server;
let url: URL;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/streaming/public`);
});

afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function connect(idleMs = 60_000): { connection: SseConnection; events: ServerSentEvent[] } {
  const events: ServerSentEvent[] = [];
  const headers = { 'User-Agent': 'hub', Authorization: 'Bearer t' };
  return { connection: new SseConnection({ url, headers, idleMs, onEvent: (event) => events.push(event) }), events };
}

const asked = async () => (await once(server, 'request')) as [IncomingMessage, ServerResponse];
const STREAM = { 'Content-Type': 'text/event-stream' };

describe('SseConnection', () => {
  it('connects with its headers, and hands over what comes until the server ends it', async () => {
    const { connection, events } = connect();
    const [request, response] = await asked();
    expect(request.headers).toMatchObject({ 'user-agent': 'hub', authorization: 'Bearer t' });
    response.writeHead(200, STREAM).end('event: update\ndata: 日本\n\n');
    expect(await connection.opened).toBe(true);
    expect((await connection.ended).cause).toBe('closed');
    expect(events).toEqual([{ event: 'update', data: '日本' }]);
  });

  it.each([
    [401, 'application/json'],
    [200, 'text/html'],
  ])('takes %i with %s for a refusal', async (status, type) => {
    const { connection } = connect();
    const [, response] = await asked();
    response.writeHead(status, { 'Content-Type': type, 'Retry-After': '7' }).end('{}');
    expect(await connection.ended).toMatchObject({ cause: 'refused', status, retryAfterMs: 7000 });
    expect(await connection.opened).toBe(false);
  });

  it('ends when the server gives no sign of life, and lives on with heartbeats', async () => {
    const { connection } = connect(150);
    const [, response] = await asked();
    response.writeHead(200, STREAM).write(':)\n');
    const beats = setInterval(() => response.write(':thump\n'), 30);
    await connection.opened;
    await new Promise((resolve) => setTimeout(resolve, 400));
    const ended = await Promise.race([connection.ended, Promise.resolve('alive')]);
    expect(ended).toBe('alive');
    clearInterval(beats);
    expect(await connection.ended).toMatchObject({ cause: 'silent' });
  });

  it('tells that nobody is there', async () => {
    server.close();
    await once(server, 'close');
    expect(await connect().connection.ended).toMatchObject({ cause: 'failed' });
  });
});
