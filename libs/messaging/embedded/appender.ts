import { HubError } from '@hub/contracts';
import type { Envelope } from '@hub/contracts/proto';
import { BrokerUnavailableError, type Observe } from '@hub/messaging';
import type { Remote } from '@hub/sqlite';
import type { LogApi, NewSegment } from './log-api.ts';
import { encodeSegment } from './segment.ts';
import type { Segment } from './tail.ts';

/** The largest value of a message. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** What one segment holds, and what one call to the thread carries, unless a single message or batch is larger. */
const SEGMENT = { messages: 500, bytes: 1024 * 1024 };
const APPEND_BYTES = 8 * 1024 * 1024;
/** One is synced to the disk while the next is encoded. */
const MAX_IN_FLIGHT = 2;

interface Waiting {
  batch: readonly Envelope[];
  bytes: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Appends to a topic. What is published while earlier calls are under way is written and synced together. */
export class Appender {
  private readonly waiting: Waiting[] = [];
  private inFlight = 0;

  constructor(
    private readonly topic: string,
    private readonly log: Remote<LogApi>,
    /** After something was appended. */
    private readonly onAppended: (segments: readonly Segment[]) => void,
    private readonly observe: Observe,
  ) {}

  publish(batch: readonly Envelope[]): Promise<void> {
    if (batch.length === 0) return Promise.resolve();
    if (batch.some(({ value }) => value.byteLength > MAX_MESSAGE_BYTES)) {
      return Promise.reject(
        new HubError('payload_too_large', `A message may have ${MAX_MESSAGE_BYTES} bytes at most: send it in parts.`),
      );
    }
    const bytes = bytesOf(batch);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.waiting.push({ batch, bytes, resolve, reject });
    this.pump();
    return promise;
  }

  private pump(): void {
    while (this.inFlight < MAX_IN_FLIGHT && this.waiting.length > 0) void this.append(this.take());
  }

  private take(): Waiting[] {
    let bytes = 0;
    const over = this.waiting.findIndex((call) => (bytes += call.bytes) > APPEND_BYTES);
    return this.waiting.splice(0, over === -1 ? this.waiting.length : Math.max(1, over));
  }

  private async append(calls: readonly Waiting[]): Promise<void> {
    this.inFlight += 1;
    const started = performance.now();
    try {
      const envelopes = calls.flatMap(({ batch }) => batch);
      const segments = segmentsOf(envelopes);
      const places = await this.log.append(this.topic, segments.map(encoded));
      const bytes = calls.reduce((sum, call) => sum + call.bytes, 0);
      const seconds = (performance.now() - started) / 1000;
      this.observe({ kind: 'published', topic: this.topic, messages: envelopes.length, bytes, seconds });
      for (const { resolve } of calls) resolve();
      this.onAppended(
        places.map(({ first, publishedAt }, i) => ({ first, publishedAt, envelopes: segments[i] ?? [] })),
      );
    } catch (error) {
      const translated = asBrokerError(error);
      for (const { reject } of calls) reject(translated);
    } finally {
      this.inFlight -= 1;
      this.pump();
    }
  }
}

function bytesOf(envelopes: readonly Envelope[]): number {
  return envelopes.reduce((sum, { value }) => sum + value.byteLength, 0);
}

function segmentsOf(envelopes: readonly Envelope[]): (readonly Envelope[])[] {
  const segments: (readonly Envelope[])[] = [];
  let start = 0;
  let bytes = 0;
  for (const [i, { value }] of envelopes.entries()) {
    if (i > start && (i - start >= SEGMENT.messages || bytes + value.byteLength > SEGMENT.bytes)) {
      segments.push(envelopes.slice(start, i));
      start = i;
      bytes = 0;
    }
    bytes += value.byteLength;
  }
  segments.push(envelopes.slice(start));
  return segments;
}

function encoded(envelopes: readonly Envelope[]): NewSegment {
  return { count: envelopes.length, body: encodeSegment(envelopes) };
}

function asBrokerError(error: unknown): unknown {
  const unavailable = error instanceof HubError && error.code === 'store_unavailable';
  return unavailable ? new BrokerUnavailableError(error.message, { cause: error }) : error;
}
