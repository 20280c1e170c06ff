import type { Cursor } from '@hub/contracts';
import type { ChangeFeed, FeedBatch } from '@hub/storage';
import { FeedItem } from './feed-item.ts';
import type { Stretch } from './feed-log.ts';
import { howManyFit } from './frame-size.ts';

/** One reader's own watch of the store. Holds at most one batch of it. */
export class StoreReplay {
  readonly #stop = new AbortController();
  readonly #batches: AsyncIterator<FeedBatch>;
  #held: Stretch | undefined;
  #filling: Promise<void> | undefined;
  #ended = false;

  constructor(feed: ChangeFeed, from: Cursor) {
    this.#batches = feed.watch({ from, signal: this.#stop.signal })[Symbol.asyncIterator]();
  }

  /** The store has nothing more to say on this watch. */
  get ended(): boolean {
    return this.#ended && this.#held === undefined;
  }

  /** Resolves when there is something to take, or the watch has ended; rejects as the store does. */
  fill(): Promise<void> {
    if (this.#held !== undefined || this.#ended) return Promise.resolve();
    this.#filling ??= this.#fill();
    return this.#filling;
  }

  /** At most `maxBytes` of what is there, but at least one change. */
  take(maxBytes: number): Stretch | undefined {
    const held = this.#held;
    if (held === undefined) return undefined;
    const count = howManyFit(held.items, maxBytes);
    if (count === held.items.length) {
      this.#held = undefined;
      return held;
    }
    this.#held = { ...held, items: held.items.slice(count) };
    const items = held.items.slice(0, count);
    return { items, cursor: items.at(-1)?.cursor ?? held.cursor, more: true };
  }

  close(): void {
    this.#held = undefined;
    this.#ended = true;
    this.#stop.abort();
  }

  async #fill(): Promise<void> {
    const next = await this.#batches.next();
    this.#filling = undefined;
    if (this.#stop.signal.aborted) return;
    if (next.done === true) this.#ended = true;
    else {
      const { entries, cursor } = next.value;
      this.#held = { items: entries.map((entry) => new FeedItem(entry)), cursor, more: false };
    }
  }
}
