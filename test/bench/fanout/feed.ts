import type { Cursor } from '@hub/contracts';
import type { ChangeFeed, FeedBatch } from '@hub/storage';

/** A feed in memory, so that the gateway's work alone is measured. Only for readers from now. */
export class BenchFeed implements ChangeFeed {
  #count = 0;
  #deliver: (batch: FeedBatch) => void = () => undefined;

  add(json: string): void {
    const cursor = String(++this.#count);
    this.#deliver({ entries: [{ cursor, type: 'post', json }], cursor });
  }

  head(): Promise<Cursor> {
    return Promise.resolve(String(this.#count));
  }

  watch({ signal }: { signal: AbortSignal }): AsyncIterable<FeedBatch> {
    return new ReadableStream<FeedBatch>({
      start: (controller) => {
        this.#deliver = (batch) => controller.enqueue(batch);
        signal.addEventListener('abort', () => controller.close(), { once: true });
      },
    });
  }
}
