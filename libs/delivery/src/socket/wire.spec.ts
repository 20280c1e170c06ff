import { once, type EventEmitter } from 'node:events';
import { createServer, type IncomingMessage, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Socket as Stream } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Server } from 'socket.io';
import { io, type Socket as ClientSocket } from 'socket.io-client';
import { collectGarbage } from '../../../../test/support/collect-garbage.ts';
import { openTestStore, startGateway } from '../../../../test/support/gateway.ts';
import { listen } from '../../../../test/support/listen.ts';
import type { HubSocket } from './socket-sink.ts';
import { dropResponses, trim, wireOf } from './wire.ts';

type Transports = ('polling' | 'websocket')[];

const WAYS: [string, Transports][] = [
  ['a WebSocket', ['websocket']],
  ['a WebSocket that polled first', ['polling', 'websocket']],
];

describe('a trimmed socket', () => {
  let http: HttpServer;
  let server: Server;
  let clients: ClientSocket[];
  beforeEach(async () => {
    http = createServer();
    server = new Server(http, { perMessageDeflate: { serverNoContextTakeover: true } });
    clients = [];
    dropResponses(server.engine);
    await once(http.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    for (const client of clients) client.disconnect();
    await server.close();
  });

  /** `connected` gets the socket when the server has it; the promise resolves when it is a WebSocket. */
  async function connect(transports: Transports, connected: (socket: HubSocket) => void) {
    const { port } = http.address() as AddressInfo;
    const client = io(`http://127.0.0.1:${port}`, { transports, forceNew: true });
    clients.push(client);
    const [socket] = (await once(server, 'connection')) as [HubSocket];
    connected(socket);
    if (socket.conn.transport.name === 'polling') await once(socket.conn, 'upgrade');
    return { client, socket };
  }

  it.each(WAYS)('on %s hears and says what it did before', async (_, transports) => {
    const heard: unknown[] = [];
    const { client, socket } = await connect(transports, (socket) => {
      socket.onAny((...args: unknown[]) => void heard.push(args));
      trim(socket);
    });
    expect(socket.conn.transport.name).toBe('websocket');
    const posts = new Promise((resolve) => client.once('posts', resolve));
    socket.emit('posts', { cursor: 'c1', events: [] });
    expect(await posts).toEqual({ cursor: 'c1', events: [] });
    client.emit('history', { limit: 1 });
    client.emit('unknown');
    while (heard.length < 2) await once(socket.conn, 'packet');
    expect(heard).toEqual([['history', { limit: 1 }], ['unknown']]);
    const gone = once(socket, 'disconnect');
    client.io.engine.close();
    expect((await gone)[0]).toBe('transport close');
    expect(server.engine.clientsCount).toBe(0);
  });

  it('keeps its listeners in their order', async () => {
    const listeners = (of: EventEmitter) => of.eventNames().map((name) => [name, of.rawListeners(name)]);
    await connect(['websocket'], (socket) => {
      const { transport } = socket.conn;
      const before = [listeners(socket.conn), listeners(transport).filter(([name]) => name !== 'headers')];
      trim(socket);
      expect([listeners(socket.conn), listeners(transport)]).toEqual(before);
    });
  });

  it.each(WAYS)('on %s shares what it agreed on, and keeps nothing of its response', async (_, transports) => {
    const agreed: unknown[] = [];
    for (const _ of [1, 2]) {
      const { socket } = await connect(transports, trim);
      // The client has said yes, and nothing is under way that could change what there is.
      while (socket.conn.upgrading) await once(socket.conn, 'packet');
      const wire = wireOf(socket.conn);
      expect(wire?.inflates).toBe(true);
      const { _extensions } = Reflect.get(socket.conn.transport, 'socket') as { _extensions: Record<string, object> };
      agreed.push(Reflect.get(_extensions['permessage-deflate']!, 'params'));
      // That of ws.
      expect(wire?.stream.listenerCount('close')).toBe(1);
    }
    expect(agreed[0]).toMatchObject({ server_no_context_takeover: true });
    expect(agreed[1]).toBe(agreed[0]);
  });

  it('needs none of the names that the libraries give to their parts', async () => {
    await connect(['websocket'], (socket) => {
      const transport = { value: Object.create(socket.conn.transport, { socket: {} }) as object };
      const conn = { value: Object.create(socket.conn, { transport, cleanupFn: {} }) as object };
      const bare = Object.create(socket, { conn, client: {}, _anyListeners: {} }) as HubSocket;
      expect(() => trim(bare)).not.toThrow();
    });
  });
});

it.each(WAYS)('nothing is kept of the request that became %s', async (_, transports) => {
  await using store = await openTestStore();
  await using gateway = await startGateway(store);
  const server = gateway.app.getHttpServer() as HttpServer;
  const requests: WeakRef<IncomingMessage>[] = [];
  server.on('upgrade', (request: IncomingMessage) => void requests.push(new WeakRef(request)));
  const streams: Stream[] = [];
  server.on('connection', (stream: Stream) => void streams.push(stream));
  using client = await listen(gateway.url, { transports });
  const { engine } = client.raw.io;
  if (engine.transport.name === 'polling') await new Promise((resolve) => engine.once('upgrade', resolve));
  expect(await client.socket.emitWithAck('subscribe', {})).toMatchObject({ ok: true });
  expect(requests).toHaveLength(1);
  collectGarbage();
  expect(requests[0]?.deref()).toBeUndefined();
});
