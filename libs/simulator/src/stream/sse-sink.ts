import type { Response } from 'express';
import { MAX_PENDING_BYTES } from './socket-sink.ts';
import type { Sink } from './streams.ts';

/** A stream of server-sent events. */
export class SseSink implements Sink {
  readonly kind = 'sse';
  private readonly response: Response;

  constructor(response: Response) {
    this.response = response;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(':)\n');
  }

  write(text: string): void {
    if (this.response.writableLength > MAX_PENDING_BYTES) this.cut();
    else this.response.write(text);
  }

  heartbeat(): void {
    this.write(':thump\n');
  }

  cut(): void {
    this.response.destroy();
  }
}
