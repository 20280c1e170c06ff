import { z } from 'zod';
import { WebSocket } from 'ws';
import type { Access } from '../access/access.ts';
import type { Client } from '../access/client.ts';
import type { FeedStreams } from '../streams/feed-streams.ts';
import { toWireError } from '../wire-error.ts';
import { MastodonSocketSink } from './mastodon-socket-sink.ts';
import { streamFilter, streamName, streamPath, streamTag, type StreamName } from './streams.ts';

const MAX_SUBSCRIPTIONS = 20;

const commandSchema = z.object({
  type: z.enum(['subscribe', 'unsubscribe'], 'must be subscribe or unsubscribe'),
  stream: streamName,
  tag: streamTag,
});

export interface SocketSurroundings {
  access: Access;
  streams: FeedStreams;
  stallTimeoutMs: number;
}

/** A WebSocket of Mastodon's streaming API: any number of streams, by commands of the client. */
export class StreamingSocket {
  readonly #socket: WebSocket;
  readonly #client: Client;
  readonly #around: SocketSurroundings;
  readonly #subscriptions = new Map<string, AbortController>();

  constructor(socket: WebSocket, client: Client, around: SocketSurroundings) {
    this.#socket = socket;
    this.#client = client;
    this.#around = around;
    socket.on('message', (data: Buffer, isBinary) => this.#obey(isBinary ? '' : data.toString()));
    socket.once('close', () => this.#subscriptions.forEach((stop) => stop.abort()));
    // What comes after is `close`.
    socket.on('error', () => socket.terminate());
  }

  subscribe(name: StreamName): void {
    this.#attempt(() => {
      const key = JSON.stringify(streamPath(name));
      if (this.#subscriptions.has(key) || this.#subscriptions.size >= MAX_SUBSCRIPTIONS) return;
      const filter = streamFilter(name);
      const stop = new AbortController();
      this.#subscriptions.set(key, stop);
      const sink = new MastodonSocketSink(this.#socket, streamPath(name), this.#around.stallTimeoutMs);
      const serving = this.#around.streams.serve(this.#client, { filter }, sink, stop);
      void serving.catch((error: unknown) => this.#refuse(error)).finally(() => this.#subscriptions.delete(key));
    });
  }

  #obey(text: string): void {
    this.#attempt(() => {
      this.#around.access.spend(this.#client);
      const { type, stream, tag } = commandSchema.parse(readJson(text));
      const name = { stream, ...(tag !== undefined && { tag }) };
      if (type === 'subscribe') this.subscribe(name);
      else this.#subscriptions.get(JSON.stringify(streamPath(name)))?.abort();
    });
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify({ error: toWireError(error).message }));
    }
  }
}

/** What is no JSON is no command either. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
