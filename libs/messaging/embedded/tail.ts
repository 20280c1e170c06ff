import type { Envelope } from '@hub/contracts/proto';
import type { BatchLimits } from '@hub/messaging';

/** Messages that were appended together, as they are read. */
export interface Segment {
  /** Offset of its first message; the others follow without a gap. */
  first: number;
  /** Milliseconds since 1970. */
  publishedAt: number;
  envelopes: readonly Envelope[];
}

/** Values that are kept. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * The end of a topic as this process appended it, in memory: who reads it as fast as it grows needs neither the log's
 * thread nor the file. What is here is durable already.
 */
export class Tail {
  private readonly kept: { segment: Segment; bytes: number }[] = [];
  private bytes = 0;

  add(segment: Segment): void {
    const last = this.kept.at(-1)?.segment;
    // Another process has appended in between.
    if (last !== undefined && endOf(last) !== segment.first) this.kept.length = this.bytes = 0;
    const bytes = segment.envelopes.reduce((sum, { value }) => sum + value.byteLength, 0);
    this.kept.push({ segment, bytes });
    this.bytes += bytes;
    while (this.bytes > MAX_BYTES) this.bytes -= this.kept.shift()?.bytes ?? 0;
  }

  /** Segments from the one that holds `offset` on, until either bound is reached; undefined if it is not here. */
  from(offset: number, { maxMessages, maxBytes }: BatchLimits): Segment[] | undefined {
    const start = this.kept.findIndex(({ segment }) => segment.first <= offset && offset < endOf(segment));
    if (start < 0) return undefined;
    const found: Segment[] = [];
    let messages = 0;
    let total = 0;
    for (const { segment, bytes } of this.kept.slice(start)) {
      found.push(segment);
      messages += segment.envelopes.length;
      total += bytes;
      if (messages >= maxMessages || total >= maxBytes) break;
    }
    return found;
  }
}

function endOf({ first, envelopes }: Segment): number {
  return first + envelopes.length;
}
