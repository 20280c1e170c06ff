import type { Duplex } from 'node:stream';
import type { Cursor, Filter, SubscribeRequest } from '@hub/contracts';
import type { DeliveryOptions } from '../delivery.options.ts';
import type { FeedReader } from '../feed/feed-reader.ts';
import type { Feed } from '../feed/feed.ts';
import { Subscription } from '../feed/subscription.ts';
import { taken } from '../feed/taken.ts';
import type { DeliveryMetrics } from '../metrics.ts';
import type { Member } from '../rooms/member.ts';
import { Room } from '../rooms/room.ts';
import type { Encoding, Message } from './packets.ts';
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

/** Whose subscription it is. */
export interface Subscriber {
  readonly socket: HubSocket;
  readonly around: Surroundings;
  /** Called once at most, with what the feed or the connection throw. */
  fail(error: unknown): void;
}

/** On its way through what is there already. */
interface Reading {
  reader: FeedReader;
  stop: AbortController;
  subscription: Subscription;
}

/**
 * A socket's way along the feed. It reads by itself until it has caught up, then gets the frames of the room of its
 * filter, and nothing of the reading stays in memory. When it cannot take them, or its filter changes, it reads by itself
 * again from where it stands.
 *
 * It is the room's member itself: this one object, and the session that it belongs to, are all that an idle client keeps here.
 */
export class LiveSubscription implements Member {
  readonly #owner: Subscriber;
  readonly #compress: boolean;
  #filter: Filter;
  #state: Reading | Room;
  #isLagging = false;
  // As the member of a room:
  position = 0;
  encoding: Encoding = 'plain';
  #cursor: Cursor = '';
  /** Of the connection. */
  #wire: Duplex | undefined;
  /** Handed to engine.io, which may not have passed it on. */
  #heldBytes = 0;

  /** Begins at once. `stop` ends the reader. */
  constructor(
    owner: Subscriber,
    { filter = EVERYTHING, compress = false }: SubscribeRequest,
    from: Pick<Reading, 'reader' | 'stop'>,
  ) {
    this.#owner = owner;
    this.#filter = filter;
    this.#compress = compress;
    this.#state = this.#read(from);
  }

  /** The position up to which events were chosen. */
  get cursor(): Cursor {
    return this.#state instanceof Room ? this.#cursor : this.#state.subscription.cursor;
  }

  set cursor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  /** Holds for all that comes after `cursor`. */
  changeFilter(filter: Filter): void {
    this.#filter = filter;
    if (!(this.#state instanceof Room)) this.#state.subscription.filter = filter;
    else {
      this.#state.delete(this);
      this.#readOn();
    }
  }

  stop(): void {
    if (this.#state instanceof Room) this.#state.delete(this);
    else this.#state.stop.abort();
  }

  /** False: more is waiting than a client may have. */
  send(messages: readonly Message[]): boolean {
    const { conn } = this.#owner.socket;
    const wire = this.#wire;
    if (conn.readyState !== 'open' || wire === undefined) return true;
    for (const message of messages) {
      // Writable: engine.io holds nothing back that this could overtake.
      if (conn.transport.writable) {
        this.#heldBytes = 0;
        wire.write(message.frame);
      } else {
        this.#heldBytes += message.bytes;
        conn.write(message.data);
      }
    }
    return this.#heldBytes + wire.writableLength <= this.#owner.around.options.clientBufferBytes;
  }

  /** The room has let it go, because it fell behind. */
  left(): void {
    this.#isLagging = true;
    this.#owner.around.metrics.lagging.inc();
    this.#readOn();
  }

  #readOn(): void {
    const { socket, around } = this.#owner;
    const stop = new AbortController();
    const reader = around.feed.readerAt({ position: this.position, cursor: this.#cursor }, stop.signal);
    reader.onWaiting = (ahead) => void socket.emit('waiting', { ahead });
    this.#state = this.#read({ reader, stop });
  }

  #read({ reader, stop }: Pick<Reading, 'reader' | 'stop'>): Reading {
    const subscription = new Subscription(reader, this.#filter, this.#owner.around.metrics, this.#isLagging);
    const reading = { reader, stop, subscription };
    void this.#catchUp(reading).catch((error: unknown) => {
      if (!stop.signal.aborted) this.#owner.fail(error);
    });
    return reading;
  }

  /** Until it is live. A connection that polls goes on so: it takes frames in its own time. */
  async #catchUp({ reader, subscription, stop }: Reading): Promise<void> {
    const { socket, around } = this.#owner;
    const { options } = around;
    const sink = new SocketSink(socket, this.#compress, options.stallTimeoutMs);
    const isDone = () => reader.end !== undefined && wireOf(socket.conn) !== undefined;
    const tell = () => this.#isLagging && this.#tellLag(reader);
    const notices = this.#isLagging ? setInterval(tell, LAGGING_INTERVAL_MS) : undefined;
    tell();
    try {
      if (this.#isLagging) await this.#emptied();
      do await subscription.run(sink, options.frameIntervalMs, stop.signal, isDone);
      while (!stop.signal.aborted && !this.#goLive(reader));
    } finally {
      clearInterval(notices);
    }
  }

  /** Who lags has read the whole log, it may be, but not taken what it was given. Rejects with SlowClientError. */
  async #emptied(): Promise<void> {
    const { socket, around } = this.#owner;
    const stream = wireOf(socket.conn)?.stream;
    if (stream === undefined) return;
    await taken(stream, around.options.stallTimeoutMs, () => !stream.writableNeedDrain || stream.destroyed);
  }

  /** False: there is more to read first. */
  #goLive(reader: FeedReader): boolean {
    const { socket, around } = this.#owner;
    const { end } = reader;
    const wire = wireOf(socket.conn);
    if (end === undefined || wire === undefined) return false;
    this.position = end.position;
    this.#cursor = end.cursor;
    this.#wire = wire.stream;
    this.#heldBytes = 0;
    this.encoding = this.#compress ? 'compressed' : wire.inflates ? 'deflated' : 'plain';
    const room = around.feed.join(this.#filter, this);
    if (room === undefined) return false;
    if (this.#isLagging) this.#tellLag(reader);
    this.#isLagging = false;
    this.#filter = room.filter;
    this.#state = room;
    reader.close();
    return true;
  }

  #tellLag({ behind, cursor }: FeedReader): void {
    this.#owner.socket.emit('lagging', { behind, cursor });
  }
}
