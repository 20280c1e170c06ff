import type { ServerResponse } from 'node:http';
import type { Cursor, WireError } from '@hub/contracts';
import { taken } from '../feed/taken.ts';
import type { EventBytes } from '../feed/view.ts';
import type { EventStreamSink } from './event-streams.ts';

/** How long a reader has to take the last words. */
const FAREWELL_MS = 500;

const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
};

const END = Buffer.from('\n\n');

/** A stream of server-sent events; `id` is the cursor. */
export class SseSink implements EventStreamSink {
  readonly transport = 'sse';
  readonly headers = HEADERS;
  readonly #response: ServerResponse;
  readonly #stallTimeoutMs: number;

  constructor(response: ServerResponse, stallTimeoutMs: number) {
    this.#response = response;
    this.#stallTimeoutMs = stallTimeoutMs;
  }

  /** The first words go out at once, so that readers see an open stream. */
  open(): void {
    this.#response.writeHead(200, this.headers);
    this.#response.write(': the feed is open\n\n');
  }

  /** Says nothing to a reader that has enough to take. */
  beat(): void {
    if (!this.#response.writableNeedDrain) this.#response.write(': still here\n\n');
  }

  wait(ahead: number): void {
    if (!this.#response.writableNeedDrain) this.#response.write(`event: waiting\ndata: {"ahead":${ahead}}\n\n`);
  }

  async write(events: readonly EventBytes[], cursor: Cursor): Promise<number> {
    const parts = events.flatMap(({ type, cursor: id, json }) => [
      Buffer.from(`event: ${type}\nid: ${id}\ndata: `),
      json,
      END,
    ]);
    // An id without data moves the reader's position and shows it nothing.
    if (events.at(-1)?.cursor !== cursor) parts.push(Buffer.from(`id: ${cursor}\n\n`));
    const frame = Buffer.concat(parts);
    await taken(this.#response, this.#stallTimeoutMs, () => this.#response.write(frame) || this.#response.destroyed);
    return frame.length;
  }

  cut(): void {
    this.#response.destroy();
  }

  /**
   * With a cursor or an oldest position the reader's next attempt goes on from there; where there is
   * none it is asked to wait, since its browser will come back with the same request.
   */
  end(error: WireError): void {
    const id = error.oldest ?? error.cursor;
    const next = id === undefined ? (error.retryable ? '' : 'retry: 60000\n') : `id: ${id}\n`;
    this.#response.end(`event: error\n${next}data: ${JSON.stringify(error)}\n\n`);
    setTimeout(() => this.#response.destroy(), FAREWELL_MS).unref();
  }
}
