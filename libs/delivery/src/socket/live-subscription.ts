import type { Cursor, Filter, SubscribeRequest } from '@hub/contracts';
import type { DeliveryOptions } from '../delivery.options.ts';
import type { FeedReader } from '../feed/feed-reader.ts';
import type { Feed } from '../feed/feed.ts';
import { Subscription } from '../feed/subscription.ts';
import { taken } from '../feed/taken.ts';
import type { DeliveryMetrics } from '../metrics.ts';
import { RoomMember } from './room-member.ts';
import { SocketSink, type HubSocket } from './socket-sink.ts';
import { wireOf } from './wire.ts';

/** How often a lagging client is told how far behind it is. */
const LAGGING_INTERVAL_MS = 5000;

const EVERYTHING: Filter = {};

/** What all sockets of a gateway share. */
export interface Surroundings {
  feed: Feed;
  options: DeliveryOptions;
  metrics: DeliveryMetrics;
}

/** On its way through what is there already. */
interface Reading {
  reader: FeedReader;
  stop: AbortController;
  subscription: Subscription;
}

/** In the room of its filter. */
interface Live {
  member: RoomMember;
  leave: () => void;
}

/**
 * A socket's way along the feed. It reads by itself until it has caught up, then gets the frames of the room of its
 * filter, and nothing of the reading stays in memory. When it cannot take them, or its filter changes, it reads by itself
 * again from where it stands.
 */
export class LiveSubscription {
  readonly #socket: HubSocket;
  readonly #around: Surroundings;
  readonly #compress: boolean;
  readonly #failed: (error: unknown) => void;
  #filter: Filter;
  #state: Reading | Live;
  #isLagging = false;

  /** Begins at once. `stop` ends the reader. `failed` is called once at most, with what the feed or the connection throw. */
  constructor(
    socket: HubSocket,
    around: Surroundings,
    { filter = EVERYTHING, compress = false }: SubscribeRequest,
    from: Pick<Reading, 'reader' | 'stop'>,
    failed: (error: unknown) => void,
  ) {
    this.#socket = socket;
    this.#around = around;
    this.#filter = filter;
    this.#compress = compress;
    this.#failed = failed;
    this.#state = this.#read(from);
  }

  /** The position up to which events were chosen. */
  get cursor(): Cursor {
    return 'member' in this.#state ? this.#state.member.cursor : this.#state.reader.cursor;
  }

  /** Holds for all that comes after `cursor`. */
  changeFilter(filter: Filter): void {
    this.#filter = filter;
    if ('subscription' in this.#state) this.#state.subscription.filter = filter;
    else {
      this.#state.leave();
      this.#readOn(this.#state);
    }
  }

  stop(): void {
    if ('stop' in this.#state) this.#state.stop.abort();
    else this.#state.leave();
  }

  #readOn({ member }: Live): void {
    const stop = new AbortController();
    const reader = this.#around.feed.readerAt(member, stop.signal);
    reader.onWaiting = (ahead) => void this.#socket.emit('waiting', { ahead });
    this.#state = this.#read({ reader, stop });
  }

  #read({ reader, stop }: Pick<Reading, 'reader' | 'stop'>): Reading {
    const subscription = new Subscription(reader, this.#filter, this.#around.metrics, this.#isLagging);
    const reading = { reader, stop, subscription };
    void this.#catchUp(reading).catch((error: unknown) => {
      if (!stop.signal.aborted) this.#failed(error);
    });
    return reading;
  }

  /** Until it is live. A connection that polls goes on so: it takes frames in its own time. */
  async #catchUp(reading: Reading): Promise<void> {
    const { reader, subscription, stop } = reading;
    const { options } = this.#around;
    const sink = new SocketSink(this.#socket, this.#compress, options.stallTimeoutMs);
    const isDone = () => reader.end !== undefined && wireOf(this.#socket.conn) !== undefined;
    const tell = () => this.#isLagging && this.#tellLag(reader);
    const notices = this.#isLagging ? setInterval(tell, LAGGING_INTERVAL_MS) : undefined;
    tell();
    try {
      if (this.#isLagging) await this.#emptied();
      do await subscription.run(sink, options.frameIntervalMs, stop.signal, isDone);
      while (!stop.signal.aborted && !this.#goLive(reading));
    } finally {
      clearInterval(notices);
    }
  }

  /** Who lags has read the whole log, it may be, but not taken what it was given. Rejects with SlowClientError. */
  async #emptied(): Promise<void> {
    const stream = wireOf(this.#socket.conn)?.stream;
    if (stream === undefined) return;
    await taken(stream, this.#around.options.stallTimeoutMs, () => !stream.writableNeedDrain || stream.destroyed);
  }

  /** False: there is more to read first. */
  #goLive({ reader }: Reading): boolean {
    const { feed, options, metrics } = this.#around;
    const { conn } = this.#socket;
    const { end } = reader;
    const wire = wireOf(conn);
    if (end === undefined || wire === undefined) return false;
    const fallBehind = () => {
      this.#isLagging = true;
      metrics.lagging.inc();
      this.#readOn(live);
    };
    const encoding = this.#compress ? 'compressed' : wire.inflates ? 'deflated' : 'plain';
    const { clientBufferBytes: maxQueuedBytes } = options;
    const member = new RoomMember(end, { conn, wire: wire.stream, encoding, maxQueuedBytes, left: fallBehind });
    const leave = feed.join(this.#filter, member);
    if (leave === undefined) return false;
    const live = { member, leave };
    if (this.#isLagging) this.#tellLag(reader);
    this.#isLagging = false;
    this.#state = live;
    reader.close();
    return true;
  }

  #tellLag({ behind, cursor }: FeedReader): void {
    this.#socket.emit('lagging', { behind, cursor });
  }
}
