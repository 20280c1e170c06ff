import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { Server as SocketServer } from 'socket.io';
import { closePromptly } from './close-promptly.ts';

it('watches a connection until it is used, and not when it stays as something else', async () => {
  const server = createServer();
  closePromptly(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const upgraded = once(server, 'upgrade');
  const client = connect(port, '127.0.0.1');
  client.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n');
  const [, stream] = (await upgraded) as [IncomingMessage, Socket];
  expect(stream.listenerCount('close')).toBe(0);
  server.close();
  expect(stream.destroyed).toBe(false);
  stream.destroy();
  client.destroy();
  await once(server, 'close');
});

it('answers what is under way, and waits for nothing else', async () => {
  const server = createServer();
  closePromptly(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const unused = connect(port, '127.0.0.1');
  await once(unused, 'connect');
  const agent = new Agent({ keepAlive: true });
  const request = get({ port, host: '127.0.0.1', agent });
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];

  const started = performance.now();
  const closed = once(server, 'close');
  server.close();
  await once(unused, 'close');
  response.end('in time');
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  expect(await text(answer)).toBe('in time');
  await closed;
  // Less than Node keeps a connection open for a next request: 6 s.
  expect(performance.now() - started).toBeLessThan(5000);
  agent.destroy();
}, 10_000);

it('answers what is under way for Socket.IO, too', async () => {
  const server = createServer();
  closePromptly(server);
  const sockets = new SocketServer(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  sockets.engine.use((_request: IncomingMessage, _response: ServerResponse, next: () => void) => setTimeout(next, 200));
  const request = get({ port, host: '127.0.0.1', path: '/socket.io/?EIO=4&transport=polling' });
  await once(server, 'request');
  server.close();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  expect(answer.statusCode).toBe(200);
  await sockets.close();
});
