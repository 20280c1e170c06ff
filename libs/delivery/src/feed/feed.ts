import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HubError, type Cursor, type Filter } from '@hub/contracts';
import { CursorTooOldError, STORE, type ChangeFeed } from '@hub/storage';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { DeliveryMetrics } from '../metrics.ts';
import { Drain } from '../streams/drain.ts';
import type { FeedItem } from './feed-item.ts';
import { FeedLog, type Place } from './feed-log.ts';
import { FeedReader, type ReadFrom } from './feed-reader.ts';
import { ReplayQueue } from './replay-queue.ts';
import type { Member } from '../rooms/member.ts';
import type { Room } from '../rooms/room.ts';
import { Rooms } from '../rooms/rooms.ts';

const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 10_000;
const OPEN_TIMEOUT_MS = 5000;
/** The store also forgets posts silently, at a time that their authors chose: memory keeps nothing for longer than this. */
const LOG_AGE_MS = 15 * 60_000;
const LOG_SWEEP_MS = 60_000;

/** The change feed of the store, watched once for all clients of this process. */
@Injectable()
export class Feed implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger(Feed.name);
  readonly #stop = new AbortController();
  readonly #replays: ReplayQueue;
  readonly #opened = Promise.withResolvers<FeedLog>();
  #log: FeedLog | undefined;
  #rooms: Rooms | undefined;
  #watching: Promise<void> | undefined;
  #live = false;

  constructor(
    @Inject(STORE) private readonly store: ChangeFeed,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
    private readonly metrics: DeliveryMetrics,
    private readonly drain: Drain,
  ) {
    this.#replays = new ReplayQueue(options.limits.replays);
    metrics.watchReplays(this.#replays);
  }

  /** Whether the store is being watched now. */
  get live(): boolean {
    return this.#live;
  }

  onApplicationBootstrap(): void {
    this.#watching = this.#watch();
    const sweep = setInterval(() => this.#log?.dropBefore(performance.now() - LOG_AGE_MS), LOG_SWEEP_MS);
    this.#stop.signal.addEventListener('abort', () => clearInterval(sweep), { once: true });
  }

  /** Clients are served until the last of them has gone. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.drain.run();
    this.#stop.abort();
    await this.#watching;
  }

  /** A reader from a cursor, or from now. Rejects with a HubError of code unavailable while the store never answered. */
  async reader(from: Cursor | undefined, signal: AbortSignal): Promise<FeedReader> {
    const log = this.#log ?? (await this.#waitForLog());
    const reader = new FeedReader(this.#readFrom(log), from ?? log.cursor, signal);
    if (from !== undefined) this.metrics.resumes.inc({ from: reader.live ? 'memory' : 'store' });
    return reader;
  }

  /** A reader that goes on where a room has brought a client. */
  readerAt({ position, cursor }: Place, signal: AbortSignal): FeedReader {
    if (this.#log === undefined) throw new Error('a room without a log');
    return new FeedReader(this.#readFrom(this.#log), cursor, signal, position);
  }

  /** Makes a client that has read the log to its end live, as Rooms.join does. */
  join(filter: Filter, member: Member): Room | undefined {
    return this.#rooms?.join(filter, member);
  }

  #readFrom(log: FeedLog): ReadFrom {
    return { feed: this.store, log, replays: this.#replays };
  }

  async #waitForLog(): Promise<FeedLog> {
    const timer = new AbortController();
    const tooLate = delay(OPEN_TIMEOUT_MS, undefined, { signal: timer.signal }).catch(() => undefined);
    const log = await Promise.race([this.#opened.promise, tooLate]);
    timer.abort();
    if (log === undefined) throw new HubError('unavailable', 'The store does not answer yet: try again.');
    return log;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    for (let retryMs = RETRY_FIRST_MS; !signal.aborted; retryMs = Math.min(retryMs * 2, RETRY_MAX_MS)) {
      try {
        const log = await this.#open();
        for await (const batch of this.store.watch({ from: log.cursor, signal })) {
          retryMs = RETRY_FIRST_MS;
          this.#note(log.append(batch));
          this.metrics.logBytes.set(log.bytes);
        }
      } catch (error) {
        await this.#failed(error);
      }
      this.#live = false;
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #open(): Promise<FeedLog> {
    this.#log ??= new FeedLog(await this.store.head(), this.options.logBytes);
    const { frameIntervalMs } = this.options;
    this.#rooms ??= new Rooms(this.#log, { frameIntervalMs, metrics: this.metrics, signal: this.#stop.signal });
    this.#opened.resolve(this.#log);
    this.#live = true;
    return this.#log;
  }

  async #failed(failure: unknown): Promise<void> {
    this.metrics.feedFailures.inc();
    const reason = failure instanceof Error ? failure.message : String(failure);
    this.#logger.error(`The watch of the store failed and is taken up again: ${reason}`);
    if (!(failure instanceof CursorTooOldError)) return;
    const head = await this.store.head().catch(() => undefined);
    if (head !== undefined) this.#log?.restart(head);
  }

  #note([first]: readonly FeedItem[]): void {
    if (first?.type !== 'post') return;
    const lagMs = Date.now() - first.observedAt;
    if (Number.isFinite(lagMs)) this.metrics.feedLag.observe(Math.max(0, lagMs) / 1000);
  }
}
