import type { Filter } from '@hub/contracts';
import type { FeedItem } from '../feed/feed-item.ts';
import type { Place } from '../feed/feed-log.ts';
import { FRAME_BYTES, howManyFit } from '../feed/frame-size.ts';
import { acceptsOf, view, viewOfRejected, type Accepts } from '../feed/view.ts';
import type { DeliveryMetrics } from '../metrics.ts';
import { Frame, type Pending } from './frame.ts';
import type { Member } from './member.ts';

/** With more than this waiting to go out, members are let go: they read the log instead. */
const MAX_PENDING_BYTES = 32 * FRAME_BYTES;

/**
 * Removals go to all rooms, because nobody remembers who holds the post; they alone send frames no more often than this,
 * so that thousands of filters that pass little are not written to ten times a second. A lone one goes at once.
 */
const REMOVALS_INTERVAL_MS = 1000;

export interface RoomOptions {
  /** Of the log; moves on. */
  end: Readonly<Place>;
  frameIntervalMs: number;
  metrics: DeliveryMetrics;
  /** The last member has gone. */
  emptied: () => void;
}

/** Clients of one filter that have all of the log but what waits here. Each frame is encoded once for all of them. */
export class Room {
  /** Members share it: most clients ask for one that others have asked for. */
  readonly filter: Filter;
  readonly #accepts: Accepts;
  readonly #options: RoomOptions;
  readonly #members = new Set<Member>();
  #pending: Pending[] = [];
  #pendingBytes = 0;
  #sentAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires: performance.now(). */
  #dueAt = Infinity;
  /** More than removals waits. */
  #isUrgent = false;

  constructor(filter: Filter, options: RoomOptions) {
    this.filter = filter;
    this.#accepts = acceptsOf(filter);
    this.#options = options;
  }

  /** When its members last got something: performance.now(). */
  get sentAt(): number {
    return this.#sentAt;
  }

  add(member: Member): void {
    this.#members.add(member);
  }

  /** Stops sending to a member: it goes on by itself. */
  delete(member: Member): void {
    if (this.#members.delete(member) && this.#members.size === 0) this.#close();
  }

  /**
   * An event and the position after it. What the filter lets through waits for the next frame. `isCandidate`: the filter may
   * accept its post.
   */
  offer(item: FeedItem, position: number, isCandidate: boolean): void {
    const event = isCandidate ? view(item, this.#accepts) : viewOfRejected(item);
    if (event === undefined) return;
    if (event.type !== 'delete') this.#isUrgent = true;
    this.#pending.push({ position, item, event });
    this.#pendingBytes += event.json.length;
  }

  /** A lone event goes out at once; what follows it soon goes together. */
  schedule(): void {
    if (this.#pendingBytes > MAX_PENDING_BYTES) this.dismissAll();
    if (this.#pending.length === 0) return;
    const { frameIntervalMs } = this.#options;
    const due = this.#sentAt + (this.#isUrgent ? frameIntervalMs : Math.max(frameIntervalMs, REMOVALS_INTERVAL_MS));
    if (due >= this.#dueAt) return;
    const rest = due - performance.now();
    if (rest <= 0) this.#flush();
    else this.#flushIn(rest);
  }

  /** Tells members how far the feed is, if nothing else does. */
  beat(): void {
    const { end } = this.#options;
    if (this.#pending.length === 0) this.#send(new Frame([], end));
  }

  dismissAll(): void {
    const members = [...this.#members];
    this.#members.clear();
    this.#close();
    for (const member of members) member.left();
  }

  #flush(): void {
    this.#stopTimer();
    const taken = this.#take();
    const last = taken.at(-1);
    const isAll = this.#pending.length === 0 || last === undefined;
    this.#send(new Frame(taken, isAll ? this.#options.end : { position: last.position, cursor: last.item.cursor }));
    // After other work, so that connections can tell what they have taken.
    if (!isAll && this.#members.size > 0) this.#flushIn(0);
  }

  #flushIn(ms: number): void {
    this.#stopTimer();
    this.#dueAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#flush(), ms);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dueAt = Infinity;
  }

  #send(frame: Frame): void {
    const { metrics } = this.#options;
    const transport = 'socketio';
    this.#sentAt = performance.now();
    for (const member of this.#members) {
      if (frame.sendTo(member)) continue;
      this.delete(member);
      member.left();
    }
    metrics.frames.inc({ transport }, frame.sent.frames);
    metrics.events.inc({ transport }, frame.sent.events);
    metrics.bytes.inc({ transport }, frame.sent.bytes);
    if (frame.since !== undefined) metrics.sendDelay.observe({ transport }, (this.#sentAt - frame.since) / 1000);
  }

  #take(): Pending[] {
    const events = this.#pending.map(({ event }) => event);
    const taken = this.#pending.splice(0, howManyFit(events, FRAME_BYTES));
    for (const { event } of taken) this.#pendingBytes -= event.json.length;
    if (this.#pending.length === 0) this.#isUrgent = false;
    return taken;
  }

  #close(): void {
    this.#stopTimer();
    this.#isUrgent = false;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#options.emptied();
  }
}
