import type { Envelope } from '@hub/contracts/proto';
import { HubError } from '@hub/contracts';
import { isRetryable, type Observe, type Publisher } from '@hub/messaging';
import { recordBytes, toMessage } from './records.ts';
import { Sender, type SenderOptions } from './sender.ts';

/** One request holds about so much before compression, so that each record batch is within max.message.bytes. */
const REQUEST_BYTES = 900_000;

interface Waiting {
  batch: readonly Envelope[];
  bytes: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export interface KafkaPublisherOptions extends SenderOptions {
  observe: Observe;
  /** Where all go; by default the key decides. */
  partition?: number;
}

/** What is published while a request is under way goes together with the next one. */
export class KafkaPublisher implements Publisher {
  private readonly sender: Sender;
  private waiting: Waiting[] = [];
  private pumping: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: KafkaPublisherOptions) {
    this.sender = new Sender(options);
  }

  publish(batch: readonly Envelope[]): Promise<void> {
    if (this.closed) return Promise.reject(new HubError('shutting_down', 'This publisher is closed.'));
    if (batch.length === 0) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.waiting.push({ batch, bytes: bytesOf(batch), resolve, reject });
    this.pumping ??= this.pump();
    return promise;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.pumping;
    this.sender.close();
  }

  private async pump(): Promise<void> {
    while (this.waiting.length > 0) await this.store(this.take());
    this.pumping = undefined;
  }

  /** Calls whose messages fit in a request; at least one. */
  private take(): Waiting[] {
    let bytes = 0;
    const over = this.waiting.findIndex((call) => (bytes += call.bytes) > REQUEST_BYTES);
    return this.waiting.splice(0, over === -1 ? this.waiting.length : Math.max(1, over));
  }

  private async store(calls: readonly Waiting[]): Promise<void> {
    try {
      await this.send(calls.flatMap(({ batch }) => batch));
      for (const { resolve } of calls) resolve();
    } catch (error) {
      if (calls.length > 1 && error instanceof HubError && error.code === 'payload_too_large') {
        for (const call of calls) await this.store([call]);
        return;
      }
      // Of later calls too: if these come again after them, a key's messages change their order.
      const rejected = isRetryable(error) ? [...calls, ...this.waiting.splice(0)] : calls;
      for (const { reject } of rejected) reject(error);
    }
  }

  private async send(envelopes: readonly Envelope[]): Promise<void> {
    const { topic, partition, observe } = this.options;
    for (const part of requests(envelopes)) {
      const started = performance.now();
      await this.sender.send(part.map((envelope) => toMessage(envelope, partition)));
      const bytes = part.reduce((sum, { value }) => sum + value.byteLength, 0);
      const seconds = (performance.now() - started) / 1000;
      observe({ kind: 'published', topic, messages: part.length, bytes, seconds });
    }
  }
}

function bytesOf(envelopes: readonly Envelope[]): number {
  return envelopes.reduce((sum, envelope) => sum + recordBytes(envelope), 0);
}

/** In order, none too large for a request but single messages that are. */
function* requests(envelopes: readonly Envelope[]): Generator<readonly Envelope[]> {
  let start = 0;
  let bytes = 0;
  for (const [i, envelope] of envelopes.entries()) {
    const size = recordBytes(envelope);
    if (i > start && bytes + size > REQUEST_BYTES) {
      yield envelopes.slice(start, i);
      start = i;
      bytes = 0;
    }
    bytes += size;
  }
  yield envelopes.slice(start);
}
