import type { ServerResponse } from 'node:http';
import { taken } from '../feed/taken.ts';
import type { EventBytes } from '../feed/view.ts';
import type { EventStreamSink } from '../http/event-streams.ts';
import { toMessages } from './messages.ts';

const HEADERS = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' };

/** A stream of Mastodon's server-sent events. It has no words for why it ends. */
export class MastodonSseSink implements EventStreamSink {
  readonly transport = 'mastodon';
  readonly headers = HEADERS;
  readonly #response: ServerResponse;
  readonly #stallTimeoutMs: number;

  constructor(response: ServerResponse, stallTimeoutMs: number) {
    this.#response = response;
    this.#stallTimeoutMs = stallTimeoutMs;
  }

  open(): void {
    this.#response.writeHead(200, this.headers);
    this.#response.write(':)\n');
  }

  beat(): void {
    if (!this.#response.writableNeedDrain) this.#response.write(':thump\n');
  }

  async write(events: readonly EventBytes[]): Promise<number> {
    const text = toMessages(events)
      .map(({ event, payload }) => `event: ${event}\ndata: ${payload}\n\n`)
      .join('');
    if (text === '') return 0;
    await taken(this.#response, this.#stallTimeoutMs, () => this.#response.write(text) || this.#response.destroyed);
    return Buffer.byteLength(text);
  }

  /** From now it is always live. */
  wait(): void {
    this.beat();
  }

  end(): void {
    this.#response.end();
  }

  cut(): void {
    this.#response.destroy();
  }
}
