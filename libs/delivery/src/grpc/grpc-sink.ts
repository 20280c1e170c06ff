import { setTimeout as delay } from 'node:timers/promises';
import { Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import type { Cursor, WireError } from '@hub/contracts';
import { SlowClientError } from '../feed/slow-client.error.ts';
import type { EventBytes } from '../feed/view.ts';
import type { StreamSink } from '../streams/feed-streams.ts';
import { encodeResponse, encodeWaiting } from './event-message.ts';
import { statusOf } from './grpc-status.ts';
import { resetCall } from './reset-call.ts';

/** The request as it came; responses are serialized before they get here. */
export type FeedCall = ServerWritableStream<Buffer, Buffer>;

/** A server stream. One message at a time is on its way: HTTP/2's flow control says when it has gone. */
export class GrpcSink implements StreamSink {
  readonly transport = 'grpc';
  readonly #call: FeedCall;
  readonly #stallTimeoutMs: number;
  readonly #signal: AbortSignal;

  /** `signal` is aborted when the call has ended. */
  constructor(call: FeedCall, stallTimeoutMs: number, signal: AbortSignal) {
    this.#call = call;
    this.#stallTimeoutMs = stallTimeoutMs;
    this.#signal = signal;
  }

  open(): void {
    this.#call.sendMetadata(new Metadata());
  }

  async write(events: readonly EventBytes[], cursor: Cursor): Promise<number> {
    const message = encodeResponse(events, cursor);
    await this.#send(message);
    return message.length;
  }

  wait(ahead: number): void {
    if (!this.#call.writableNeedDrain) this.#call.write(encodeWaiting(ahead));
  }

  end(error: WireError): void {
    this.#call.emit('error', statusOf(error));
  }

  cut(): void {
    resetCall(this.#call);
  }

  async #send(message: Buffer): Promise<void> {
    const sent = new Promise<true>((resolve) => {
      this.#call.write(message, () => resolve(true));
    });
    const timer = new AbortController();
    const signal = AbortSignal.any([timer.signal, this.#signal]);
    const tooLate = delay(this.#stallTimeoutMs, false, { signal }).catch(() => true);
    try {
      if (!(await Promise.race([sent, tooLate]))) throw new SlowClientError();
    } finally {
      timer.abort();
    }
  }
}
