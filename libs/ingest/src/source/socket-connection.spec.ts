import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer, type WebSocket } from 'ws';
import { SYSTEM_CLOCK } from '../clock.ts';
import { SocketConnection, type SocketOptions } from './socket-connection.ts';

let http: Server;
let server: WebSocketServer;
let url: URL;

beforeEach(async () => {
  http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  server = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request: IncomingMessage, socket: Socket, head) => {
    server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
  });
  url = new URL(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/api/v1/streaming?stream=public`);
});

afterEach(() => {
  for (const client of server.clients) client.terminate();
  http.close();
  http.closeAllConnections();
});

const accepted = async () => (await once(server, 'connection')) as [WebSocket, IncomingMessage];

function connect(options: Partial<SocketOptions> = {}): { connection: SocketConnection; messages: string[] } {
  const messages: string[] = [];
  const headers = { 'User-Agent': 'hub', Authorization: 'Bearer t' };
  const onMessage = (text: string) => messages.push(text);
  return { connection: new SocketConnection({ url, headers, idleMs: 60_000, onMessage, ...options }), messages };
}

describe('SocketConnection', () => {
  it('connects with its headers, and hands over what comes until the server closes', async () => {
    const peer = accepted();
    const { connection, messages } = connect();
    const [socket, request] = await peer;
    expect(await connection.opened).toBe(true);
    expect(request.headers).toMatchObject({ 'user-agent': 'hub', authorization: 'Bearer t' });
    socket.send('{"a":"日本"}');
    socket.close(1001, 'restart');
    expect(await connection.ended).toEqual({ cause: 'closed', detail: 'restart' });
    expect(messages).toEqual(['{"a":"日本"}']);
  });

  it('tells with which status the server refused, and how long it asks to wait', async () => {
    http.removeAllListeners('upgrade');
    http.on('upgrade', (_, socket: Socket) => {
      socket.end('HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n');
    });
    const { connection } = connect();
    expect(await connection.ended).toMatchObject({ cause: 'refused', status: 429, retryAfterMs: 7000 });
    expect(await connection.opened).toBe(false);
  });

  it('tells that nobody is there', async () => {
    http.close();
    await once(http, 'close');
    const { connection } = connect();
    expect(await connection.ended).toMatchObject({ cause: 'failed', detail: expect.stringContaining('ECONNREFUSED') });
    expect(await connection.opened).toBe(false);
  });

  it('ends when the server gives no sign of life', async () => {
    server = new WebSocketServer({ noServer: true, autoPong: false });
    const { connection } = connect({ idleMs: 90 });
    expect(await connection.opened).toBe(true);
    expect(await connection.ended).toMatchObject({ cause: 'silent' });
  });

  it('lives on when the server answers pings alone', async () => {
    const peer = accepted();
    let now = 0;
    let check = (): void => undefined;
    const every = (_: number, act: () => void) => {
      check = act;
      return () => undefined;
    };
    const { connection, messages } = connect({ idleMs: 300, clock: { ...SYSTEM_CLOCK, now: () => now, every } });
    const [socket] = await peer;
    await connection.opened;
    for (let pings = 0; pings < 8; pings += 1) {
      const pinged = once(socket, 'ping');
      now += 100;
      check();
      await pinged;
    }
    socket.send('still here');
    socket.close();
    expect((await connection.ended).cause).toBe('closed');
    expect(messages).toEqual(['still here']);
  });

  it('leaves what it does not read with the server while it pauses', async () => {
    const peer = accepted();
    const { connection, messages } = connect({ idleMs: 600 });
    const [socket] = await peer;
    await connection.opened;
    connection.pause();
    const text = 'x'.repeat(100_000);
    for (let i = 0; i < 200; i += 1) socket.send(text);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(messages.length).toBeLessThan(5);
    expect(socket.bufferedAmount).toBeGreaterThan(5_000_000);
    connection.resume();
    socket.close();
    expect((await connection.ended).cause).toBe('closed');
    expect(messages).toHaveLength(200);
  });
});
