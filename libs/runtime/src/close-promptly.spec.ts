import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { closePromptly } from './close-promptly.ts';

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
