import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import { WebSocket, WebSocketServer } from 'ws';
import { SocketSink } from './socket-sink.ts';
import { SseSink } from './sse-sink.ts';

let server: Server;
const clients: WebSocket[] = [];
const portOf = () => (server.address() as AddressInfo).port;
beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.terminate();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

describe('SseSink', () => {
  it('greets, beats and can be cut in the middle', async () => {
    const { promise, resolve } = Promise.withResolvers<SseSink>();
    const adapter = new ExpressAdapter();
    adapter.get('/', (_: unknown, response: Response) => resolve(new SseSink(response)));
    server.on('request', adapter.getInstance<(...args: unknown[]) => void>());
    const response = await fetch(`http://127.0.0.1:${portOf()}/`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const sink = await promise;
    expect((await reader?.read())?.value).toBe(':)\n');
    sink.heartbeat();
    expect((await reader?.read())?.value).toBe(':thump\n');
    sink.cut();
    await expect(reader?.read()).rejects.toThrow();
  });
});

describe('SocketSink', () => {
  async function connect(options: { autoPong: boolean }) {
    const endpoint = new WebSocketServer({ server });
    const accepted = once(endpoint, 'connection') as Promise<[WebSocket]>;
    const client = new WebSocket(`ws://127.0.0.1:${portOf()}`, options);
    clients.push(client);
    const [socket] = await accepted;
    await once(client, 'open');
    return { client, socket, sink: new SocketSink(socket) };
  }

  it('pings, and keeps who answers', async () => {
    const { client, socket, sink } = await connect({ autoPong: true });
    for (let beats = 0; beats < 3; beats += 1) {
      const ponged = once(socket, 'pong');
      sink.heartbeat();
      await ponged;
    }
    sink.write('hello');
    expect(String((await once(client, 'message'))[0])).toBe('hello');
  });

  it('cuts who does not answer before the next beat', async () => {
    const { client, sink } = await connect({ autoPong: false });
    const closed = once(client, 'close');
    sink.heartbeat();
    await once(client, 'ping');
    sink.heartbeat();
    expect((await closed)[0]).toBe(1006);
  });
});
