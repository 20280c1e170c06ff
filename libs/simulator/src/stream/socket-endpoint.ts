import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { admitListener, tokenOf } from '../access.ts';
import { MastodonError } from '../mastodon-error.ts';
import type { Simulation } from '../simulation.ts';
import { checkFaults } from '../rest/fault-check.ts';
import { channelOf } from './channel.ts';
import { SocketSink } from './socket-sink.ts';

/** Of several values the first counts. */
const one = z.preprocess((value) => (Array.isArray(value) ? value[0] : value), z.string());
const requestSchema = z.object({ type: z.enum(['subscribe', 'unsubscribe']), stream: one, tag: one.optional() });
const MAX_REQUEST_BYTES = 65_536;

/** Serves WebSocket connections at /api/v1/streaming, one or many streams over each. */
export class SocketEndpoint {
  private readonly simulation: Simulation;
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_REQUEST_BYTES,
    // A token may stand where the protocol's name belongs, and is repeated in the answer.
    handleProtocols: (protocols) => [...protocols][0] ?? false,
  });

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  /** Takes the upgrade requests of an HTTP server. */
  attach(server: Server): void {
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      try {
        if (this.isAway(socket)) return;
        this.admit(request);
      } catch (error) {
        refuse(socket, error);
        return;
      }
      if (this.simulation.faults.strikes('drop_connections')) socket.destroy();
      else this.server.handleUpgrade(request, socket, head, (client) => this.connected(client, urlOf(request)));
    });
  }

  /** Nobody answers, or the connection ends at once. */
  private isAway(socket: Duplex): boolean {
    const { faults } = this.simulation;
    if (faults.isSet('unreachable')) socket.destroy();
    else if (!faults.isSet('no_answer')) return false;
    // Until the client gives up.
    socket.resume().on('end', () => socket.destroy());
    return true;
  }

  private admit({ url = '', headers }: IncomingMessage): void {
    const { pathname, searchParams } = new URL(url, this.simulation.origin);
    if (pathname.replace(/\/$/, '') !== '/api/v1/streaming') throw new MastodonError(404, 'Not found');
    if (this.simulation.faults.strikes('no_websocket')) throw new MastodonError(404, 'Not found');
    checkFaults(this.simulation.faults);
    const { authorization, 'sec-websocket-protocol': protocol } = headers;
    const query = searchParams.get('access_token') ?? undefined;
    admitListener(this.simulation.accessToken, tokenOf({ authorization, query, protocol }));
  }

  private connected(client: WebSocket, { searchParams }: URL): void {
    const { streams } = this.simulation;
    const sink = new SocketSink(client);
    streams.open(sink);
    client.on('close', () => streams.close(sink));
    client.on('error', () => sink.cut());
    client.on('message', (data, isBinary) => {
      if (isBinary) client.close(1003, 'binary messages are not supported');
      else this.asked(sink, data);
    });
    const stream = searchParams.get('stream');
    if (stream !== null) this.follow(sink, 'subscribe', stream, searchParams.get('tag') ?? undefined);
  }

  private asked(sink: SocketSink, data: RawData): void {
    const request = requestSchema.safeParse(parseJson(data));
    if (request.success) this.follow(sink, request.data.type, request.data.stream, request.data.tag);
  }

  private follow(sink: SocketSink, type: 'subscribe' | 'unsubscribe', stream: string, tag: string | undefined): void {
    try {
      const channel = channelOf(stream, tag);
      if (type === 'subscribe') this.simulation.streams.subscribe(channel, sink);
      else this.simulation.streams.unsubscribe(channel.key, sink);
    } catch (error) {
      if (!(error instanceof MastodonError)) throw error;
      sink.write(JSON.stringify({ error: error.message, status: error.status }));
    }
  }
}

function urlOf({ url = '' }: IncomingMessage): URL {
  return new URL(url, 'http://localhost');
}

/** What is not JSON asks for nothing: Mastodon passes over it. */
function parseJson(data: RawData): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : '');
  } catch {
    return undefined;
  }
}

/** Mastodon answers a refused upgrade without a body; the reason is in a header. */
function refuse(socket: Duplex, error: unknown): void {
  const { status, message } = error instanceof MastodonError ? error : new MastodonError(500, 'internal error');
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: text/plain',
    'Content-Length: 0',
    `X-Error-Message: ${message}`,
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
}
