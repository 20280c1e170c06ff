import { setTimeout as delay } from 'node:timers/promises';
import type { WireError } from '@hub/contracts';
import { WebSocket } from 'ws';
import { SlowClientError } from '../feed/slow-client.error.ts';
import type { EventBytes } from '../feed/view.ts';
import type { StreamSink } from '../streams/feed-streams.ts';
import { toMessages } from './messages.ts';

/** Close codes of WebSockets: try again later, and policy violation. */
const TRY_AGAIN = 1013;
const REFUSED = 1008;

/** One subscription of a WebSocket of Mastodon's streaming API. */
export class MastodonSocketSink implements StreamSink {
  readonly transport = 'mastodon';
  readonly #socket: WebSocket;
  readonly #path: readonly string[];
  readonly #stallTimeoutMs: number;

  constructor(socket: WebSocket, path: readonly string[], stallTimeoutMs: number) {
    this.#socket = socket;
    this.#path = path;
    this.#stallTimeoutMs = stallTimeoutMs;
  }

  open(): void {
    // There is no word for it.
  }

  async write(events: readonly EventBytes[]): Promise<number> {
    const texts = toMessages(events).map((message) => JSON.stringify({ stream: this.#path, ...message }));
    const last = texts.pop();
    if (last === undefined) return 0;
    for (const text of texts) this.#socket.send(text);
    const sent = new Promise<true>((resolve) => {
      this.#socket.send(last, () => resolve(true));
    });
    const timer = new AbortController();
    const tooLate = delay(this.#stallTimeoutMs, false, { signal: timer.signal }).catch(() => true);
    const isTaken = await Promise.race([sent, tooLate]);
    timer.abort();
    if (!isTaken) throw new SlowClientError();
    return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), Buffer.byteLength(last));
  }

  /** From now it is always live. */
  wait(): void {
    this.#socket.ping();
  }

  end({ message, retryable }: WireError): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ error: message }));
    this.#socket.close(retryable ? TRY_AGAIN : REFUSED);
  }

  cut(): void {
    this.#socket.terminate();
  }
}
