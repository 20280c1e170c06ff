import type { BatchLimits, Delivery } from '@hub/messaging';

/** How long a message waits for others to make a batch with. */
const LINGER_MS = 5;

/** A message that this process has, and must acknowledge or give back. */
export interface Held {
  delivery: Delivery;
  ackId: string;
}

/** What has arrived and waits for the handler, in order. Bounded by whoever fills it: see `hasRoom`. */
export class Inbox {
  private waiting: Held[] = [];
  private bytes = 0;
  /** When the inbox was last empty before it got a message: in milliseconds of this process. */
  private since = 0;
  private changed = Promise.withResolvers<void>();

  constructor(
    /** Of a batch. */
    private readonly limits: BatchLimits,
    /** Of all that waits. */
    private readonly bounds: BatchLimits,
  ) {}

  push(arrived: readonly Held[]): void {
    if (this.waiting.length === 0) this.since = performance.now();
    this.waiting.push(...arrived);
    for (const { delivery } of arrived) this.bytes += delivery.value.byteLength;
    this.tell();
  }

  /** Resolves when there is room for more, or the signal is aborted. */
  async hasRoom(signal: AbortSignal): Promise<void> {
    await this.until(() => this.waiting.length < this.bounds.maxMessages && this.bytes < this.bounds.maxBytes, signal);
  }

  /** The next batch, oldest first; none if the signal is aborted. */
  async take(signal: AbortSignal): Promise<Held[]> {
    await this.until(() => this.waiting.length > 0, signal);
    const lingerMs = this.since + LINGER_MS - performance.now();
    if (lingerMs > 0) await this.full(lingerMs, signal);
    return signal.aborted ? [] : this.batch();
  }

  /** Resolves when a batch is full, or has waited for long enough. */
  private async full(lingerMs: number, signal: AbortSignal): Promise<void> {
    const { maxMessages, maxBytes } = this.limits;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.tell();
    }, lingerMs);
    await this.until(() => isLate || this.waiting.length >= maxMessages || this.bytes >= maxBytes, signal);
    clearTimeout(timer);
  }

  private batch(): Held[] {
    const { maxMessages, maxBytes } = this.limits;
    let bytes = 0;
    const over = this.waiting.findIndex(({ delivery }) => (bytes += delivery.value.byteLength) > maxBytes);
    const most = Math.min(this.waiting.length, maxMessages);
    const batch = this.waiting.splice(0, over === -1 ? most : Math.max(1, Math.min(over, most)));
    for (const { delivery } of batch) this.bytes -= delivery.value.byteLength;
    this.tell();
    return batch;
  }

  private async until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    const wake = () => this.tell();
    signal.addEventListener('abort', wake);
    try {
      while (!condition() && !signal.aborted) await this.changed.promise;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  private tell(): void {
    this.changed.resolve();
    this.changed = Promise.withResolvers();
  }
}
