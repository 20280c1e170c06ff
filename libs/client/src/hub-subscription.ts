import type { Cursor, Filter, Gap, PostsFrame, SubscribeRequest, WireError } from '@hub/contracts';
import { CursorKeeper, type CursorStore } from './cursor-store.ts';
import { EventQueue } from './event-queue.ts';
import { FilterChange } from './filter-change.ts';
import { HubClientError } from './hub-client.error.ts';
import type { HubEvent } from './hub-event.ts';
import { Link, type LinkSettings } from './link.ts';
import { connectFailure, refusalIn } from './socket.ts';

/**
 * `connecting`: at first, and again after a loss; `offline`: the same while the device has no network; `live`: subscribed,
 * what was missed is on its way or was received; `waiting`: what was missed comes when those have theirs who came before;
 * `lagging`: the hub sends at this reader's pace.
 */
export type ConnectionState = 'connecting' | 'offline' | 'live' | 'waiting' | 'lagging';

export interface SubscribeOptions {
  /** None: every post. */
  filter?: Filter;
  /** Where to go on; none: live from now. */
  cursor?: Cursor;
  /** Where the position is kept over restarts; what it holds comes before `cursor`. */
  cursorStore?: CursorStore;
  /** Ends the iteration. */
  signal?: AbortSignal;
  /** Goes on trying when the first attempt reaches no hub. */
  waitForHub?: boolean;
  /** Told of each change of the connection, which begins as `connecting`. */
  onState?: (state: ConnectionState) => void;
  /** Told how many events of the feed lie ahead, while the hub sends at this reader's pace; 0 when it has caught up. */
  onLag?: (behind: number) => void;
  /** Told how many readers are before this one, while it is `waiting`. */
  onWaiting?: (ahead: number) => void;
}

export interface ConnectionSettings extends LinkSettings {
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
  readonly #link: Link;
  readonly #keeper: CursorKeeper | undefined;
  readonly #filter: FilterChange;
  /** The position after what was received. */
  #received: Cursor | undefined;
  /** The position after what was handed out. */
  #handedOut: Cursor | undefined;
  #state: ConnectionState | undefined;
  /** A hub has answered. */
  #isKnown = false;
  #isSubscribed = false;
  /** The hub reads the past for others first. */
  #isWaiting = false;
  /** How many events of the feed lie ahead, as the hub said last. */
  #behind = 0;
  /** Too much waits for the consumer. */
  #isHeld = false;
  /** The consumer has dealt with all that it was handed. */
  #isIdle = true;

  constructor(settings: ConnectionSettings, options: SubscribeOptions, closed: () => void) {
    this.#settings = settings;
    this.#options = options;
    this.#closed = closed;
    this.#received = options.cursor;
    this.#handedOut = options.cursor;
    this.#filter = new FilterChange(options.filter ?? {});
    const { cursorStore } = options;
    this.#keeper = cursorStore && new CursorKeeper(cursorStore, (error) => this.#end(error));
    this.#link = new Link(settings, {
      connected: () => this.#subscribe(),
      failed: (error) => this.#connectFailed(error),
      down: (isOnline) => this.#down(isOnline),
    });
    this.#link.socket
      .on('posts', (frame) => this.#receivePosts(frame))
      .on('gap', (gap) => this.#receiveGap(gap))
      .on('lagging', ({ behind }) => this.#lag(behind))
      .on('waiting', ({ ahead }) => this.#wait(ahead))
      .on('error', (error) => this.#failed(error));
  }

  /** The position after all events handed out so far: where another subscription would go on. None before the first connect. */
  get cursor(): Cursor | undefined {
    return this.#queue.size === 0 ? this.#received : this.#handedOut;
  }

  /** The filter that was asked for last and not refused. */
  get filter(): Filter {
    return this.#filter.wanted;
  }

  /**
   * Changes the filter with no gap: each event is chosen by the old one or by the new one. Resolves when the hub goes by the
   * new one (what waits here was still chosen by the old), or the subscription has ended. Rejects with HubClientError if the
   * hub refuses it; then the old one stays. While there is no connection the filter is told at the next.
   */
  updateFilter(filter: Filter): Promise<void> {
    return this.#filter.change(filter, () => {
      if (this.#state === undefined || this.#queue.ended) this.#filter.accepted();
      else if (this.#isSubscribed) this.#sendFilter(filter);
    });
  }

  /** Calls `handle` with each event in turn, awaiting it. Settles as the iteration ends. */
  async forEach(handle: (event: HubEvent) => void | Promise<void>): Promise<void> {
    for await (const event of this) await handle(event);
  }

  /** Rejects with HubClientError: `unavailable` if the first attempt reaches no hub, else only what no retry can mend. */
  async *[Symbol.asyncIterator](): AsyncGenerator<HubEvent, void, void> {
    try {
      await this.#open();
      for (let event = await this.#queue.pull(); event !== undefined; event = await this.#queue.pull()) {
        this.#isIdle = false;
        this.#handedOut = event.cursor;
        yield event;
        this.#isIdle = true;
        this.#keeper?.note(this.cursor);
        if (this.#isHeld && this.#queue.size <= this.#settings.maxQueued / 2) this.#letGo();
      }
    } finally {
      this.close();
      await this.#keeper?.flush();
    }
  }

  /** Ends the iteration; events that still wait are dropped, `cursor` stays before them. */
  close(): void {
    const { cursor } = this;
    this.#options.signal?.removeEventListener('abort', this.#abort);
    this.#link.socket.off();
    this.#link.close();
    this.#filter.accepted();
    this.#queue.drop();
    this.#received = cursor;
    this.#closed();
  }

  readonly #abort = (): void => this.close();

  async #open(): Promise<void> {
    const { signal } = this.#options;
    const kept = await this.#keeper?.load();
    if (kept !== undefined) this.#received = this.#handedOut = kept;
    if (signal?.aborted === true || this.#queue.ended) return this.close();
    signal?.addEventListener('abort', this.#abort, { once: true });
    this.#state = 'connecting';
    this.#link.open();
  }

  #subscribe(): void {
    this.#isWaiting = false;
    this.#behind = 0;
    const request: SubscribeRequest = { filter: this.filter, compress: true };
    if (this.#received !== undefined) request.cursor = this.#received;
    this.#link.socket.timeout(this.#settings.timeoutMs).emit('subscribe', request, (timeout, answer) => {
      if (timeout !== null) this.#link.retry();
      else if (!answer.ok) this.#refused(answer.error);
      else {
        this.#link.steady();
        this.#isKnown = true;
        this.#isSubscribed = true;
        this.#received ??= answer.cursor;
        this.#tellPace();
        if (this.filter === request.filter) this.#filter.accepted();
        else this.#sendFilter(this.filter);
      }
    });
  }

  #sendFilter(filter: Filter): void {
    this.#link.socket.timeout(this.#settings.timeoutMs).emit('update-filter', { filter }, (timeout, answer) => {
      if (timeout !== null) this.#link.retry();
      else if (answer.ok) this.#filter.accepted();
      else this.#filter.refused(new HubClientError(answer.error));
    });
  }

  #refused(error: WireError): void {
    // Perhaps it is the new filter that cannot be: then the old one can.
    if (!error.retryable && this.#filter.refused(new HubClientError(error))) this.#link.retry();
    else this.#failed(error);
  }

  #receivePosts({ events, cursor }: PostsFrame): void {
    this.#queue.push(...events);
    this.#received = cursor;
    if (this.#isWaiting) this.#turnHasCome();
    if (this.#isIdle && this.#queue.size === 0) this.#keeper?.note(cursor);
    if (this.#queue.size >= this.#settings.maxQueued) this.#hold();
  }

  #receiveGap({ cursor, ...data }: Gap & { cursor: Cursor }): void {
    this.#queue.push({ type: 'gap', cursor, data });
    this.#received = cursor;
  }

  #lag(behind: number): void {
    this.#behind = behind;
    this.#tellPace();
    this.#options.onLag?.(behind);
  }

  #wait(ahead: number): void {
    this.#isWaiting = true;
    this.#tellPace();
    this.#options.onWaiting?.(ahead);
  }

  #turnHasCome(): void {
    this.#isWaiting = false;
    this.#tellPace();
  }

  #tellPace(): void {
    if (this.#isWaiting) this.#tell('waiting');
    else this.#tell(this.#behind > 0 ? 'lagging' : 'live');
  }

  #hold(): void {
    this.#isHeld = true;
    this.#isSubscribed = false;
    this.#link.close();
  }

  #letGo(): void {
    this.#isHeld = false;
    this.#link.open();
  }

  #down(isOnline: boolean): void {
    this.#isSubscribed = false;
    this.#tell(isOnline ? 'connecting' : 'offline');
  }

  #tell(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState?.(state);
  }

  #failed(error: WireError): void {
    this.#meet(new HubClientError(error));
  }

  #connectFailed(error: Error): void {
    if (refusalIn(error) !== undefined) this.#isKnown = true;
    const failure = connectFailure(this.#settings.url, error);
    if (!this.#isKnown && this.#options.waitForHub !== true) this.#end(failure);
    else this.#meet(failure);
  }

  #meet(failure: HubClientError): void {
    // A token that was good has run out: whoever gives tokens is asked for another.
    const isRenewable = failure.code === 'unauthorized' && this.#isSubscribed;
    const hasMore = isRenewable && typeof this.#settings.token === 'function';
    if (failure.retryable || hasMore) this.#link.retry((failure.retryAfter ?? 0) * 1000);
    else this.#end(failure);
  }

  #end(error: unknown): void {
    this.#link.close();
    this.#queue.end({ error });
  }
}
