import type { PubSubGenericMessage } from '@hub/contracts/proto';

/** An encoded event that waits for the producer. */
export interface Waiting {
  /** None: it can never be sent, and only keeps its place in the order. */
  message: PubSubGenericMessage | undefined;
  bytes: number;
  /** Called when the producer has acknowledged it, in the order of the queue. */
  onAcknowledged: () => void;
}

/** Events in order. The bound in bytes is kept by those who ask whether it is full, and then wait for room. */
export class SendQueue {
  readonly #maxBytes: number;
  readonly #items: Waiting[] = [];
  #bytes = 0;
  #watchers: { holds: () => boolean; resolve: () => void }[] = [];

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#items.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get full(): boolean {
    return this.#bytes >= this.#maxBytes;
  }

  push(item: Waiting): void {
    this.#items.push(item);
    this.#bytes += item.bytes;
    this.#tell();
  }

  /** The next events, left in the queue: at least one if there is one, else as many as fit. */
  peek(maxEvents: number, maxBytes: number): Waiting[] {
    let bytes = 0;
    const next = this.#items.slice(0, maxEvents);
    const tooFar = next.findIndex((item) => (bytes += item.bytes) > maxBytes);
    return tooFar < 0 ? next : next.slice(0, Math.max(tooFar, 1));
  }

  /** Takes off the first `count`. */
  remove(count: number): void {
    for (const item of this.#items.splice(0, count)) this.#bytes -= item.bytes;
    this.#tell();
  }

  /** Resolves when there is something to send. */
  filled(): Promise<void> {
    return this.#when(() => this.#items.length > 0);
  }

  /** Resolves when half of it is free. */
  room(): Promise<void> {
    return this.#when(() => this.#bytes <= this.#maxBytes / 2);
  }

  empty(): Promise<void> {
    return this.#when(() => this.#items.length === 0);
  }

  async #when(holds: () => boolean): Promise<void> {
    if (!holds()) await new Promise<void>((resolve) => this.#watchers.push({ holds, resolve }));
  }

  #tell(): void {
    if (this.#watchers.length === 0) return;
    const [met, others] = [this.#watchers.filter((w) => w.holds()), this.#watchers.filter((w) => !w.holds())];
    this.#watchers = others;
    for (const { resolve } of met) resolve();
  }
}
