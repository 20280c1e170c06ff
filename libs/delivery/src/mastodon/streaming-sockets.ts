import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { WebSocket } from 'ws';
import { Access } from '../access/access.ts';
import { callerOf, type Client } from '../access/client.ts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { statusOf, toMastodonError } from '../http/http-error.filter.ts';
import { PromptWebSocketServer } from '../goodbye.ts';
import { rawAnswer } from '../http/raw-answer.ts';
import { foreignOrigin, isAllowedOrigin } from '../origins.ts';
import { Drain } from '../streams/drain.ts';
import { FeedStreams } from '../streams/feed-streams.ts';
import { isUnexpected, toWireError } from '../wire-error.ts';
import { StreamingSocket } from './streaming-socket.ts';

const PATH = '/api/v1/streaming';
const MAX_MESSAGE_BYTES = 4096;
const PING_MS = 30_000;

/** Mastodon's streaming API over WebSockets, on the HTTP server of the application. */
@Injectable()
export class StreamingSockets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(StreamingSockets.name);
  readonly #server = new PromptWebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
  });
  readonly #silent = new WeakSet<WebSocket>();
  #pings: NodeJS.Timeout | undefined;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly access: Access,
    private readonly drain: Drain,
    private readonly streams: FeedStreams,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request, socket, head) => {
      // What is no URL is no business of ours.
      const url = URL.parse(request.url ?? '/', 'http://hub');
      if (url?.pathname.replace(/\/$/, '') === PATH) void this.#upgrade(request, url, socket, head);
    });
    this.#pings = setInterval(() => this.#server.clients.forEach((socket) => this.#ping(socket)), PING_MS).unref();
  }

  /** Subscriptions end as the gateway is drained; sockets without any end here. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#pings);
    await this.drain.run();
    this.#server.clients.forEach((socket) => socket.close(1001));
  }

  async #upgrade(request: IncomingMessage, url: URL, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    try {
      if (!isAllowedOrigin(request, this.options.allowedOrigins)) throw foreignOrigin();
      this.drain.check();
      const client = await this.access.admit(socketCaller(request));
      this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#welcome(webSocket, client, url));
    } catch (error) {
      if (isUnexpected(error)) this.#logger.error(error);
      refuse(socket, error);
    }
  }

  #welcome(socket: WebSocket, client: Client, { searchParams }: URL): void {
    const { access, streams } = this;
    socket.on('pong', () => this.#silent.delete(socket));
    const session = new StreamingSocket(socket, client, {
      access,
      streams,
      stallTimeoutMs: this.options.stallTimeoutMs,
    });
    const [stream, tag] = [searchParams.get('stream'), searchParams.get('tag')];
    try {
      socket.once(
        'close',
        access.enter(client, () => socket.close(1008)),
      );
    } catch (error) {
      socket.send(JSON.stringify({ error: toWireError(error).message }));
      return socket.close(1013);
    }
    if (stream !== null) session.subscribe({ stream, ...(tag !== null && { tag }) });
  }

  /** Who did not answer the last one is gone. */
  #ping(socket: WebSocket): void {
    if (this.#silent.has(socket)) return socket.terminate();
    this.#silent.add(socket);
    socket.ping();
  }
}

/** Browsers can set no header but the protocol: Mastodon's clients send the token as that. */
function socketCaller(request: IncomingMessage) {
  const caller = callerOf(request);
  const credential = caller.credential ?? request.headers['sec-websocket-protocol'];
  return { ...caller, ...(credential !== undefined && { credential }) };
}

function refuse(socket: Duplex, error: unknown): void {
  const wire = toWireError(error);
  const wait = wire.retry_after === undefined ? {} : { 'Retry-After': String(wire.retry_after) };
  socket.end(rawAnswer(statusOf(wire.code), toMastodonError(wire), wait), () => socket.destroy());
}
