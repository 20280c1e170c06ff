import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

export interface Dialect {
  /** `/api/v2/instance`; none: 404. */
  instance?: object;
  /** Posts that the timeline and single reads have, oldest first. */
  posts: Record<string, unknown>[];
  /** A status for `GET /api/v1/statuses?id[]=` instead of posts. */
  batches?: number;
}

/** A server that speaks the API in a way of its own: a WebSocket stream that sends what it is told, and a little REST. */
export class DialectServer implements AsyncDisposable {
  readonly asked: string[] = [];
  readonly #dialect: Dialect;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });

  private constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#server = createServer((request, response) => this.#answer(request, response));
    this.#server.on('upgrade', (request, socket, head) => {
      // As GoToSocial does with clients that do not name themselves.
      if (request.headers['user-agent'] === undefined) socket.end('HTTP/1.1 418 I am a teapot\r\n\r\n');
      else this.#sockets.handleUpgrade(request, socket, head, (client) => this.#sockets.emit('connection', client));
    });
  }

  static async start(dialect: Dialect): Promise<DialectServer> {
    const server = new DialectServer(dialect);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  send(...frames: readonly string[]): void {
    for (const client of this.#sockets.clients) for (const frame of frames) client.send(frame);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, this.url);
    this.asked.push(pathname + new URL(url, this.url).search);
    const [status, body] = this.#content(pathname, searchParams);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #content(path: string, query: URLSearchParams): [number, unknown] {
    const { instance, posts, batches = 200 } = this.#dialect;
    const id = (post: Record<string, unknown>) => String(post['id']);
    if (path === '/api/v2/instance' && instance !== undefined) return [200, instance];
    if (path === '/api/v1/timelines/public') {
      const after = query.get('min_id');
      const newer = posts.filter((post) => after === null || id(post) > after);
      const limit = Number(query.get('limit'));
      return [200, (after === null ? newer.slice(-limit) : newer.slice(0, limit)).toReversed()];
    }
    if (path === '/api/v1/statuses') {
      const ids = query.getAll('id[]');
      return batches === 200 ? [200, posts.filter((post) => ids.includes(id(post)))] : [batches, { error: 'no' }];
    }
    const one = posts.find((post) => path === `/api/v1/statuses/${id(post)}`);
    return one === undefined ? [404, { error: 'Record not found' }] : [200, one];
  }
}
