import type { Cursor, Filter, Gap, PostsFrame, SubscribeRequest, WireError } from '@hub/contracts';
import type { Socket } from 'socket.io-client';
import { EventQueue } from './event-queue.ts';
import { HubClientError } from './hub-client.error.ts';
import type { HubEvent } from './hub-event.ts';
import { createSocket, unreachable, type HubSocket } from './socket.ts';

const RETRY_MS = 1000;

/** `connecting`: at first, and again after a loss; `live`: subscribed, what was missed is on its way or was received; `lagging`: the hub sends at this reader's pace. */
export type ConnectionState = 'connecting' | 'live' | 'lagging';

export interface SubscribeOptions {
  /** None: every post. */
  filter?: Filter;
  /** Where to go on; none: live from now. */
  cursor?: Cursor;
  /** Ends the iteration. */
  signal?: AbortSignal;
  /** Told of each change of the connection. */
  onState?: (state: ConnectionState) => void;
}

export interface ConnectionSettings {
  url: string;
  timeoutMs: number;
  maxQueued: number;
}

/**
 * One reader's stream of events, over all reconnects: each resumes after the last event received, so that none is lost
 * or seen twice. Connects when the iteration begins and can be iterated once.
 *
 * Memory is bounded: when `maxQueued` events wait for a slow consumer, the connection is closed until half of them
 * are taken; what comes meanwhile waits at the hub. A consumer that is slower than the feed for longer than the hub
 * keeps changes gets `cursor_too_old`.
 */
export class HubSubscription implements AsyncIterable<HubEvent> {
  readonly #settings: ConnectionSettings;
  readonly #options: SubscribeOptions;
  readonly #closed: () => void;
  readonly #queue = new EventQueue<HubEvent>();
  readonly #socket: HubSocket;
  /** The position after what was received. */
  #received: Cursor | undefined;
  /** The position after what was handed out. */
  #handedOut: Cursor | undefined;
  #isKnown = false;
  #isHeld = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(settings: ConnectionSettings, options: SubscribeOptions, closed: () => void) {
    this.#settings = settings;
    this.#options = options;
    this.#closed = closed;
    this.#received = options.cursor;
    this.#handedOut = options.cursor;
    this.#socket = createSocket(settings.url, settings.timeoutMs);
  }

  /** The position after all events handed out so far: where another subscription would go on. None before the first connect. */
  get cursor(): Cursor | undefined {
    return this.#queue.size === 0 ? this.#received : this.#handedOut;
  }

  /** Rejects with HubClientError: `unavailable` if the first attempt reaches no hub, later only what no retry can mend. */
  async *[Symbol.asyncIterator](): AsyncGenerator<HubEvent, void, void> {
    this.#open();
    try {
      for (let event = await this.#queue.pull(); event !== undefined; event = await this.#queue.pull()) {
        this.#handedOut = event.cursor;
        yield event;
        if (this.#isHeld && this.#queue.size <= this.#settings.maxQueued / 2) this.#letGo();
      }
    } finally {
      this.close();
    }
  }

  /** Ends the iteration; events that still wait are dropped, `cursor` stays before them. */
  close(): void {
    const { cursor } = this;
    clearTimeout(this.#retry);
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#socket.off();
    this.#socket.disconnect();
    this.#queue.drop();
    this.#received = cursor;
    this.#closed();
  }

  readonly #abort = (): void => this.close();

  #open(): void {
    const { signal } = this.#options;
    if (signal?.aborted === true) return this.close();
    signal?.addEventListener('abort', this.#abort, { once: true });
    this.#socket
      .on('connect', () => this.#subscribe())
      .on('connect_error', (error) => this.#connectFailed(error))
      .on('disconnect', (reason) => this.#disconnected(reason))
      .on('posts', (frame) => this.#receivePosts(frame))
      .on('gap', (gap) => this.#receiveGap(gap))
      .on('lagging', () => this.#options.onState?.('lagging'))
      .on('error', (error) => this.#failed(error))
      .connect();
  }

  #subscribe(): void {
    const { filter } = this.#options;
    const request: SubscribeRequest = { ...(filter && { filter }) };
    if (this.#received !== undefined) request.cursor = this.#received;
    this.#socket.timeout(this.#settings.timeoutMs).emit('subscribe', request, (timeout, answer) => {
      if (timeout !== null) this.#reconnectLater();
      else if (!answer.ok) this.#failed(answer.error);
      else {
        this.#isKnown = true;
        this.#options.onState?.('live');
        this.#received ??= answer.cursor;
      }
    });
  }

  #receivePosts({ events, cursor }: PostsFrame): void {
    this.#queue.push(...events);
    this.#received = cursor;
    if (this.#queue.size >= this.#settings.maxQueued) this.#hold();
  }

  #receiveGap({ cursor, ...data }: Gap & { cursor: Cursor }): void {
    this.#queue.push({ type: 'gap', cursor, data });
    this.#received = cursor;
  }

  #disconnected(reason: Socket.DisconnectReason): void {
    this.#options.onState?.('connecting');
    if (reason === 'io server disconnect') this.#reconnectLater();
  }

  #hold(): void {
    this.#isHeld = true;
    clearTimeout(this.#retry);
    this.#socket.disconnect();
  }

  #letGo(): void {
    this.#isHeld = false;
    this.#socket.connect();
  }

  #failed(error: WireError): void {
    const failure = new HubClientError(error);
    if (failure.retryable) this.#reconnectLater();
    else this.#end(failure);
  }

  #connectFailed(error: Error): void {
    if (!this.#isKnown) this.#end(unreachable(this.#settings.url, error));
    else if (!this.#socket.active) this.#reconnectLater();
  }

  #reconnectLater(): void {
    this.#socket.disconnect();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#isHeld || this.#socket.connect(), RETRY_MS * (0.5 + Math.random()));
  }

  #end(error: HubClientError): void {
    this.#socket.disconnect();
    this.#queue.end({ error });
  }
}
