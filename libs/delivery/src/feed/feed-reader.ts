import { setTimeout as delay } from 'node:timers/promises';
import { HubError, type Cursor } from '@hub/contracts';
import type { ChangeFeed } from '@hub/storage';
import type { FeedLog, Place, Stretch } from './feed-log.ts';
import type { ReplayQueue } from './replay-queue.ts';
import { StoreReplay } from './store-replay.ts';

const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 5000;

/** What all readers of a process share. */
export interface ReadFrom {
  feed: ChangeFeed;
  log: FeedLog;
  replays: ReplayQueue;
}

/**
 * One client's way along the feed, pulled at its own pace: every change after a cursor, in order, each once. What the
 * log in memory holds comes from there; what is older comes from the store, until the log holds the position reached.
 * A store that does not answer is asked again; CursorTooOldError and InvalidCursorError are thrown.
 */
export class FeedReader {
  readonly #feed: ChangeFeed;
  readonly #log: FeedLog;
  readonly #replays: ReplayQueue;
  readonly #signal: AbortSignal;
  #cursor: Cursor;
  #position: number | undefined;
  #replay: StoreReplay | undefined;
  #leaveStore: () => void = () => undefined;
  #entering: Promise<void> | undefined;
  #retryMs = RETRY_FIRST_MS;
  #wake: () => void = () => undefined;
  /** Called when it has to wait for a place to read the store, with how many are before it. */
  onWaiting: (ahead: number) => void = () => undefined;

  /** Ends when `signal` is aborted. `position`: of `from` in the log, where that is known. */
  constructor({ feed, log, replays }: ReadFrom, from: Cursor, signal: AbortSignal, position = log.positionOf(from)) {
    this.#feed = feed;
    this.#log = log;
    this.#replays = replays;
    this.#signal = signal;
    this.#cursor = from;
    this.#position = position;
    if (signal.aborted) this.close();
    else signal.addEventListener('abort', this.close, { once: true });
  }

  /** Lets go of what it reads from; it is not asked again. */
  readonly close = (): void => {
    this.#signal.removeEventListener('abort', this.close);
    this.#closeReplay();
    this.#wake();
  };

  /** The position after what was read last. */
  get cursor(): Cursor {
    return this.#cursor;
  }

  /** Whether the next read comes from memory. */
  get live(): boolean {
    return this.#position !== undefined;
  }

  /** Where it stands, if it has read all that the log holds. */
  get end(): Place | undefined {
    const position = this.#position;
    return position === this.#log.end ? { position, cursor: this.#cursor } : undefined;
  }

  /** How many events it has before it; those in memory at least. */
  get behind(): number {
    return this.#position === undefined ? this.#log.size : Math.max(0, this.#log.end - this.#position);
  }

  /**
   * Resolves when the store has accepted the cursor or, for a store that only answers when something new comes, after
   * `graceMs`. Rejects as the store does; also if it does not answer.
   */
  async accepted(graceMs: number): Promise<void> {
    if (this.live || this.#signal.aborted) return;
    const timer = new AbortController();
    const grace = delay(graceMs, undefined, { signal: AbortSignal.any([timer.signal, this.#signal]) });
    try {
      await Promise.race([this.#fill(), grace.catch(() => undefined)]);
    } finally {
      timer.abort();
    }
  }

  /** What comes next, at most `maxBytes` of JSON but at least one change; waits for it. Undefined when aborted. */
  async next(maxBytes: number): Promise<Stretch | undefined> {
    while (!this.#signal.aborted) {
      const stretch = this.#fromLog(maxBytes) ?? this.#replay?.take(maxBytes);
      if (stretch !== undefined) {
        this.#cursor = stretch.cursor;
        this.#joinLog();
        return stretch;
      }
      await this.#wait();
    }
    return undefined;
  }

  /** Until there may be more to read. It listens to the log only then: most readers find what they came for, and go. */
  async #wait(): Promise<void> {
    const { promise: woken, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const unlisten = this.#log.listen(resolve);
    try {
      if (this.live) await woken;
      else await this.#fillFromStore(woken);
    } finally {
      unlisten();
    }
  }

  /** As soon as memory holds the position, others may have the place at the store. */
  #joinLog(): void {
    this.#position ??= this.#log.positionOf(this.#cursor);
    if (this.#position !== undefined) this.#closeReplay();
  }

  #fromLog(maxBytes: number): Stretch | undefined {
    this.#joinLog();
    if (this.#position === undefined) return undefined;
    const read = this.#log.read(this.#position, maxBytes);
    if (read === 'end') return undefined;
    this.#position = read === 'gone' ? undefined : read.position;
    return read === 'gone' ? undefined : read;
  }

  async #fillFromStore(woken: Promise<void>): Promise<void> {
    try {
      await Promise.race([this.#fill(), woken]);
      this.#retryMs = RETRY_FIRST_MS;
      if (this.#replay?.ended === true) this.#closeReplay();
    } catch (error) {
      this.#closeReplay();
      if (!(error instanceof HubError && error.retryable)) throw error;
      await delay(this.#retryMs, undefined, { signal: this.#signal }).catch(() => undefined);
      this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MAX_MS);
    }
  }

  /** Once there is a place at the store: until it has given something, or the turn is over. */
  async #fill(): Promise<void> {
    this.#entering ??= this.#enterStore().finally(() => (this.#entering = undefined));
    await this.#entering;
    await this.#replay?.fill();
  }

  async #enterStore(): Promise<void> {
    if (this.#replay !== undefined) return;
    const over = () => this.#closeReplay();
    const leave = await this.#replays.enter({ waiting: (ahead) => this.onWaiting(ahead), over }, this.#signal);
    if (leave === undefined) return;
    // The log may have come to hold the position meanwhile, and the reader may be gone.
    if (this.#signal.aborted || this.#position !== undefined) leave();
    else {
      this.#leaveStore = leave;
      this.#replay = new StoreReplay(this.#feed, this.#cursor);
    }
  }

  #closeReplay(): void {
    this.#replay?.close();
    this.#replay = undefined;
    this.#leaveStore();
  }
}
