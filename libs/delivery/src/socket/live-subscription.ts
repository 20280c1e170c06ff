import type { Cursor, Filter, SubscribeRequest } from '@hub/contracts';
import type { DeliveryOptions } from '../delivery.options.ts';
import type { FeedReader } from '../feed/feed-reader.ts';
import type { Feed } from '../feed/feed.ts';
import { Subscription } from '../feed/subscription.ts';
import type { DeliveryMetrics } from '../metrics.ts';
import { RoomMember } from './room-member.ts';
import { SocketSink, type HubSocket } from './socket-sink.ts';
import { wireOf } from './wire.ts';

/** How often a lagging client is told how far behind it is. */
const LAGGING_INTERVAL_MS = 5000;

export interface Surroundings {
  socket: HubSocket;
  feed: Feed;
  options: DeliveryOptions;
  metrics: DeliveryMetrics;
}

/**
 * A socket's way along the feed. It reads by itself until it has caught up, then gets the frames of the room of its
 * filter. When it cannot take them, or its filter changes, it reads by itself again from where it stands.
 */
export class LiveSubscription {
  readonly #around: Surroundings;
  readonly #sink: SocketSink;
  readonly #compress: boolean;
  #filter: Filter;
  #reader: FeedReader;
  #reading: Subscription | undefined;
  #member: RoomMember | undefined;
  #leave: () => void = () => undefined;
  #isLagging = false;

  constructor(around: Surroundings, reader: FeedReader, { filter = {}, compress = false }: SubscribeRequest) {
    this.#around = around;
    this.#reader = reader;
    this.#filter = filter;
    this.#compress = compress;
    this.#sink = new SocketSink(around.socket, compress, around.options.stallTimeoutMs);
  }

  /** The position up to which events were chosen. */
  get cursor(): Cursor {
    return this.#member?.cursor ?? this.#reader.cursor;
  }

  /** Holds for all that comes after `cursor`. */
  changeFilter(filter: Filter): void {
    this.#filter = filter;
    if (this.#reading !== undefined) this.#reading.filter = filter;
    this.#leave();
  }

  /** Runs until `signal` is aborted. Rejects as the feed does, and with SlowClientError. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#read(signal);
      if (signal.aborted) return;
      const member = await this.#live(signal);
      if (member === undefined || signal.aborted) continue;
      this.#reader = await this.#around.feed.readerAt(member, signal);
      this.#reader.onWaiting = (ahead) => void this.#around.socket.emit('waiting', { ahead });
      this.#member = undefined;
    }
  }

  /** Until it has caught up. A connection that polls goes on so: it takes frames in its own time. */
  async #read(signal: AbortSignal): Promise<void> {
    const { socket, options, metrics } = this.#around;
    this.#reading = new Subscription(this.#reader, this.#filter, metrics, this.#isLagging);
    const isDone = () => this.#reader.end !== undefined && wireOf(socket.conn) !== undefined;
    if (this.#isLagging) this.#tellLag();
    const notices = this.#isLagging ? setInterval(() => this.#tellLag(), LAGGING_INTERVAL_MS) : undefined;
    try {
      await this.#reading.run(this.#sink, options.frameIntervalMs, signal, isDone);
      if (this.#isLagging && !signal.aborted) this.#tellLag();
      this.#isLagging = false;
    } finally {
      clearInterval(notices);
      this.#reading = undefined;
    }
  }

  /** Until it leaves its room; returns what it was there. Undefined: it has more to read first. */
  async #live(signal: AbortSignal): Promise<RoomMember | undefined> {
    const { feed, options, metrics } = this.#around;
    const { conn } = this.#around.socket;
    const left = Promise.withResolvers<void>();
    const fallBehind = () => {
      this.#isLagging = true;
      metrics.lagging.inc();
      left.resolve();
    };
    const { end } = this.#reader;
    const wire = wireOf(conn);
    if (end === undefined || wire === undefined) return undefined;
    const { clientBufferBytes: maxQueuedBytes } = options;
    const encoding = this.#compress ? 'compressed' : wire.inflates ? 'deflated' : 'plain';
    const member = new RoomMember(end, { conn, wire: wire.stream, encoding, maxQueuedBytes, left: fallBehind });
    const leaveRoom = feed.join(this.#filter, member);
    if (leaveRoom === undefined) return undefined;
    this.#member = member;
    this.#reader.close();
    this.#leave = () => {
      leaveRoom();
      left.resolve();
    };
    signal.addEventListener('abort', this.#leave, { once: true });
    await left.promise;
    signal.removeEventListener('abort', this.#leave);
    this.#leave = () => undefined;
    return member;
  }

  #tellLag(): void {
    this.#around.socket.emit('lagging', { behind: this.#reader.behind, cursor: this.#reader.cursor });
  }
}
