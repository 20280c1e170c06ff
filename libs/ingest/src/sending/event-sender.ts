import { Logger } from '@nestjs/common';
import { status } from '@grpc/grpc-js';
import { encodeEvent, type PostEvent, type PubSubGenericMessage } from '@hub/contracts/proto';
import { backoff } from '../backoff.ts';
import type { IngestMetrics } from '../metrics.ts';
import { aborted, pause } from '../pause.ts';
import { ProducerClient } from './producer-client.ts';
import { SendQueue, type Waiting } from './send-queue.ts';

const MAX_EVENTS = 500;
const MAX_BYTES = 1024 * 1024;
/** Below what the producer takes (1 MiB): a larger event could never be sent. */
const MAX_EVENT_BYTES = 1_000_000;
/** Attributes and bookkeeping of an event, roughly. */
const OVERHEAD_BYTES = 300;
const DEADLINE_MS = 30_000;
const RETRY = { base: 100, cap: 5000 };
/** Statuses by which the producer says that these very events are the trouble. */
const REJECTED = new Set<unknown>([status.INVALID_ARGUMENT, status.RESOURCE_EXHAUSTED]);
/** So often is a lone event rejected before it is given up. */
const MAX_REJECTIONS = 5;

/**
 * Sends events to the producer in order, one stream at a time: what arrives while a stream is on its way goes with
 * the next, so a lone event goes at once. What is not acknowledged is sent again, for ever.
 */
export class EventSender {
  readonly #logger = new Logger('Ingest');
  readonly #client: ProducerClient;
  readonly #queue: SendQueue;
  readonly #metrics: IngestMetrics;
  readonly #address: string;
  #failures = 0;
  #batchLimit = MAX_EVENTS;

  constructor(address: string, queueBytes: number, metrics: IngestMetrics) {
    this.#address = address;
    this.#client = new ProducerClient(address, DEADLINE_MS);
    this.#queue = new SendQueue(queueBytes);
    this.#metrics = metrics;
  }

  /** Whether those who read should wait for `room`. */
  get full(): boolean {
    return this.#queue.full;
  }

  room(): Promise<void> {
    return this.#queue.room();
  }

  /** `onAcknowledged` is called in the order of sending, when the event is durable or is given up for good. */
  send(event: PostEvent, onAcknowledged: () => void): void {
    const message = toMessage(event);
    const bytes = message.key.byteLength + message.value.byteLength + OVERHEAD_BYTES;
    const fits = bytes <= MAX_EVENT_BYTES;
    if (!fits) this.#giveUp(message, `it has ${bytes} bytes`);
    this.#queue.push(fits ? { message, bytes, onAcknowledged } : { message: undefined, bytes: 0, onAcknowledged });
    this.#measure();
  }

  /** Sends until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = aborted(signal);
    while (!signal.aborted) {
      await Promise.race([this.#queue.filled(), stop]);
      if (!signal.aborted) await this.#sendNext(signal);
    }
  }

  /** Waits until everything is sent, at most so long. Returns how many events are left. */
  async drain(ms: number): Promise<number> {
    const timer = new AbortController();
    await Promise.race([this.#queue.empty(), pause(ms, timer.signal)]);
    timer.abort();
    return this.#queue.length;
  }

  close(): void {
    this.#client.close();
  }

  async #sendNext(signal: AbortSignal): Promise<void> {
    const batch = this.#queue.peek(this.#batchLimit, MAX_BYTES);
    const messages = batch.flatMap(({ message }) => (message === undefined ? [] : [message]));
    try {
      if (messages.length > 0) await this.#client.publish(messages, signal);
    } catch (error) {
      if (!signal.aborted) await this.#recover(error, batch, signal);
      return;
    }
    if (this.#failures > 0) this.#logger.log(`The producer at ${this.#address} takes events again.`);
    this.#failures = 0;
    this.#batchLimit = Math.min(this.#batchLimit * 2, MAX_EVENTS);
    this.#acknowledge(batch);
  }

  #acknowledge(batch: readonly Waiting[]): void {
    this.#queue.remove(batch.length);
    for (const { onAcknowledged } of batch) onAcknowledged();
    this.#measure();
  }

  async #recover(error: unknown, batch: readonly Waiting[], signal: AbortSignal): Promise<void> {
    const reason = describe(error);
    if (this.#failures === 0) {
      this.#logger.warn(
        `The producer at ${this.#address} does not take events (${reason}); they wait and are sent again.`,
      );
    }
    this.#failures += 1;
    this.#metrics.sendFailures.inc();
    if (REJECTED.has(codeOf(error))) {
      const alone = batch.length === 1 ? batch[0]?.message : undefined;
      if (alone !== undefined && this.#failures >= MAX_REJECTIONS) {
        this.#giveUp(alone, reason);
        this.#failures = 0;
        this.#acknowledge(batch);
        return;
      }
      this.#batchLimit = 1;
    }
    await pause(backoff(this.#failures, RETRY), signal);
  }

  #giveUp(message: PubSubGenericMessage, why: string): void {
    this.#metrics.givenUp.inc();
    this.#logger.error(`The event ${Buffer.from(message.key).toString('utf8')} can never be sent: ${why}.`);
  }

  #measure(): void {
    this.#metrics.queueBytes.set(this.#queue.bytes);
    this.#metrics.unacknowledged.set(this.#queue.length);
  }
}

function toMessage(event: PostEvent): PubSubGenericMessage {
  const { key, value, headers } = encodeEvent(event);
  return { key: Buffer.from(key), value, attributes: headers };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function describe(error: unknown): string {
  if (error instanceof Error && 'details' in error && typeof error.details === 'string') return error.details;
  return error instanceof Error ? error.message : String(error);
}
