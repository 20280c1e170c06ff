import { setTimeout as delay } from 'node:timers/promises';
import type { Cursor, Filter } from '@hub/contracts';
import type { DeliveryMetrics, Transport } from '../metrics.ts';
import type { FeedItem } from './feed-item.ts';
import type { FeedReader } from './feed-reader.ts';
import { FRAME_BYTES } from './frame-size.ts';
import { sharedView, type View } from './shared-view.ts';
import { turn } from './turn.ts';
import type { EventBytes } from './view.ts';

/** A client whose filter lets nothing through learns this often how far it is. */
const CURSOR_INTERVAL_MS = 5000;

/** A client's end of the line. */
export interface Sink {
  readonly transport: Transport;
  /**
   * Sends events and the position after them; resolves when the client's connection can take more, with the bytes sent.
   * Rejects if it can take nothing for too long.
   */
  write(events: readonly EventBytes[], cursor: Cursor): Promise<number>;
}

/** One client's subscription: what its reader yields, as its filter shows it, in frames to its sink. */
export class Subscription {
  readonly #reader: FeedReader;
  readonly #metrics: DeliveryMetrics;
  #view: View;
  #cursor: Cursor;
  #sentAt = performance.now();
  readonly #conflates: boolean;

  /** `conflates`: of the versions of a post that wait together only the last is sent. */
  constructor(reader: FeedReader, filter: Filter | undefined, metrics: DeliveryMetrics, conflates = false) {
    this.#reader = reader;
    this.#cursor = reader.cursor;
    this.#metrics = metrics;
    this.#conflates = conflates;
    this.#view = sharedView(filter ?? {});
  }

  /** Holds for all that comes after `cursor`. */
  set filter(filter: Filter | undefined) {
    this.#view = sharedView(filter ?? {});
  }

  /** The position up to which events were chosen. The reader may have read further: what it has in hand is not chosen yet. */
  get cursor(): Cursor {
    return this.#cursor;
  }

  /** Runs until `signal` is aborted or `isDone`, asked between frames. Rejects as the reader and the sink do. */
  async run(sink: Sink, frameIntervalMs: number, signal: AbortSignal, isDone = () => false): Promise<void> {
    while (!signal.aborted && !isDone()) {
      const stretch = await this.#reader.next(FRAME_BYTES);
      if (stretch === undefined || signal.aborted) return;
      const since = stretch.items[0]?.since ?? 0;
      const items = this.#conflates ? lastVersions(stretch.items) : stretch.items;
      const events = items.flatMap((item) => this.#view(item) ?? []);
      this.#cursor = stretch.cursor;
      if (!this.#isDue(events)) continue;
      const { live } = this.#reader;
      const bytes = await sink.write(events, stretch.cursor);
      this.#count(sink.transport, events.length, bytes, live ? since : undefined);
      if (!live || stretch.more) await turn();
      else if (!isDone()) await this.#pause(frameIntervalMs, signal);
    }
  }

  #isDue(events: readonly EventBytes[]): boolean {
    const now = performance.now();
    if (events.length === 0 && now - this.#sentAt < CURSOR_INTERVAL_MS) return false;
    this.#sentAt = now;
    return true;
  }

  /** What comes meanwhile goes into the next frame. After a pause in the feed nothing waits. */
  async #pause(frameIntervalMs: number, signal: AbortSignal): Promise<void> {
    const rest = this.#sentAt + frameIntervalMs - performance.now();
    if (rest > 0) await delay(rest, undefined, { signal }).catch(() => undefined);
  }

  #count(transport: Transport, events: number, bytes: number, since: number | undefined): void {
    this.#metrics.frames.inc({ transport });
    this.#metrics.events.inc({ transport }, events);
    this.#metrics.bytes.inc({ transport }, bytes);
    if (since !== undefined && events > 0) {
      this.#metrics.sendDelay.observe({ transport }, (performance.now() - since) / 1000);
    }
  }
}

function lastVersions(items: readonly FeedItem[]): FeedItem[] {
  const last = new Map(items.map((item) => [item.postId ?? item, item]));
  return items.filter((item) => last.get(item.postId ?? item) === item);
}
