import { setImmediate as turn } from 'node:timers/promises';
import type { Envelope } from '@hub/contracts/proto';
import type { Publisher } from '@hub/messaging';

/** Most envelopes given to the broker at once. */
const MAX_BATCH = 1000;

/**
 * Publishes what one stream brings, in order, one batch at a time: while the broker works on a batch the next one
 * gathers. So a lone envelope goes at once, and under load batches grow by themselves.
 */
export class Outbox {
  readonly #publisher: Publisher;
  readonly #maxBytes: number;
  readonly #onFailure: (error: unknown) => void;
  #waiting: Envelope[] = [];
  /** Bytes not yet acknowledged, those on their way included. */
  #bytes = 0;
  #pump: Promise<void> | undefined;

  /** `onFailure` is called once, as soon as the broker rejects a batch; the outbox is of no use after that. */
  constructor(publisher: Publisher, maxBytes: number, onFailure: (error: unknown) => void) {
    this.#publisher = publisher;
    this.#maxBytes = maxBytes;
    this.#onFailure = onFailure;
  }

  /** Resolves when there is room for more; rejects with what the broker rejected with. */
  async add(envelope: Envelope): Promise<void> {
    this.#waiting.push(envelope);
    this.#bytes += sizeOf(envelope);
    this.#start();
    if (this.#bytes >= this.#maxBytes) await this.#pump;
  }

  /** Resolves when the broker has acknowledged everything added. */
  async flush(): Promise<void> {
    await this.#pump;
  }

  #start(): void {
    if (this.#pump !== undefined) return;
    this.#pump = this.#run();
    this.#pump.catch(this.#onFailure);
  }

  async #run(): Promise<void> {
    await turn(); // what has arrived already goes along
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      await this.#publisher.publish(batch);
      for (const envelope of batch) this.#bytes -= sizeOf(envelope);
    }
    this.#pump = undefined;
  }
}

/** Bytes that an envelope occupies on the wire, framing left out. */
export function sizeOf({ key, value, headers }: Envelope): number {
  let size = key.length + value.byteLength;
  for (const name of Object.keys(headers)) size += name.length + (headers[name]?.length ?? 0);
  return size;
}
