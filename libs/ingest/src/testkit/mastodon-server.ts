import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a request is answered: JSON, or only a status. */
export interface Answer {
  status?: number;
  body?: unknown;
}

/** A server on loopback that answers as the test says, and writes down what it was asked. */
export class MastodonServer {
  readonly asked: string[] = [];
  answer: (url: URL) => Answer = () => ({ status: 404, body: { error: 'Record not found' } });
  #server: Server | undefined;

  async start(): Promise<URL> {
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      this.asked.push(url.pathname + url.search);
      write(response, this.answer(url));
    }).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  stop(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

function write(response: ServerResponse, { status = 200, body = {} }: Answer): void {
  const reset = new Date(Date.now() + 300_000).toISOString();
  const limits = { 'X-RateLimit-Remaining': '100000', 'X-RateLimit-Reset': reset };
  response.writeHead(status, { 'Content-Type': 'application/json', ...limits });
  response.end(JSON.stringify(body));
}
