import { once } from 'node:events';
import { createServer, type ServerOptions } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { answerMalformed } from './malformed-requests.ts';

/** All that comes back for these bytes, and how many connections the server is left with. */
async function speak(words: string, options: ServerOptions = {}) {
  const server = createServer(options);
  answerMalformed(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    // One that never says goodbye: it leaves its half open.
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write(words);
    const said = await text(socket);
    const left = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
    while ((await left()) > 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    return said;
  } finally {
    server.close();
  }
}

it.each<[string, string, ServerOptions]>([
  ['408', 'GET / HTTP/1.1\r\n', { headersTimeout: 50, requestTimeout: 50, connectionsCheckingInterval: 20 }],
  ['431', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, {}],
  ['400', 'GET / HTTP/9.9\r\n\r\n', {}],
])('%s: is answered in the form of errors, and leaves no connection', async (status, words, options) => {
  const [head = '', body = ''] = (await speak(words, options)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(body)).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
});
