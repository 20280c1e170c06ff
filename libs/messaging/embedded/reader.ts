import type { BatchLimits, Delivery } from '@hub/messaging';
import type { Bell } from './bell.ts';
import type { Segment } from './tail.ts';

export interface ReaderOptions {
  topic: string;
  /** Offset of the first message to read. */
  from: number;
  limits: BatchLimits;
  /** Segments from an offset on, within the limits. */
  fetch: (from: number) => Promise<Segment[]>;
  /** Rings when there may be more to read, and when the signal is aborted. */
  bell: Bell;
  signal: AbortSignal;
}

/** Reads a topic on, batch by batch. It reads ahead by one fetch, so it holds two at most. */
export class Reader {
  private next: number;
  private read: Delivery[] = [];
  private ahead: Promise<Segment[]> | undefined;

  constructor(private readonly options: ReaderOptions) {
    this.next = options.from;
  }

  /** The next messages, as soon as there are any; none when the signal is aborted. */
  async take(): Promise<readonly Delivery[]> {
    const { bell, signal } = this.options;
    while (!signal.aborted) {
      if (this.read.length > 0) return this.batch();
      const rung = bell.next();
      const wasAhead = this.ahead !== undefined;
      const segments = await (this.ahead ?? this.fetch());
      this.ahead = undefined;
      this.read = segments.flatMap((segment) => this.deliveries(segment));
      // What was read ahead was read before this ring was waited for.
      if (segments.length === 0 && !wasAhead) await rung;
    }
    return [];
  }

  private batch(): readonly Delivery[] {
    const { maxMessages, maxBytes } = this.options.limits;
    let bytes = 0;
    const end = this.read.findIndex(({ value }, i) => i === maxMessages || (bytes += value.byteLength) > maxBytes);
    const batch = this.read.splice(0, end === -1 ? this.read.length : Math.max(1, end));
    this.next = (batch.at(-1)?.sequence ?? this.next) + 1;
    if (this.read.length === 0) this.readAhead();
    return batch;
  }

  private readAhead(): void {
    this.ahead = this.fetch();
    // Whoever takes next gets the error.
    this.ahead.catch(() => undefined);
  }

  private fetch(): Promise<Segment[]> {
    return this.options.fetch(this.next);
  }

  private deliveries({ first, publishedAt, envelopes }: Segment): Delivery[] {
    const { topic } = this.options;
    const published = new Date(publishedAt);
    const from = Math.max(0, this.next - first);
    return envelopes.slice(from).map(({ key, value, headers }, i): Delivery => {
      const sequence = first + from + i;
      return { key, value, headers, origin: `${topic}/0@${sequence}`, sequence, publishedAt: published, attempt: 1 };
    });
  }
}
