import {
  HubClientError,
  type ConnectionState,
  type Filter,
  type HistoryPage,
  type HubClient,
  type HubEvent,
} from '@hub/client';
import { ResumeTally } from './resume-tally.ts';

const RETRY_MS = 2000;
const RETRY_MAX_MS = 6000;
const LAG_SHOWN_MS = 5000;

export interface FeedListener {
  loaded(page: HistoryPage): void;
  received(event: HubEvent): void;
  connection(state: ConnectionState): void;
  /** Nothing more comes until somebody decides; `unavailable` is tried again. */
  failed(problem: HubClientError): void;
  say(text: string): void;
}

/** Reads one feed: the newest stored posts, then all that happens after them, over losses of the connection. */
export class FeedFollower {
  readonly #hub: HubClient;
  readonly #filter: Filter;
  readonly #listener: FeedListener;
  readonly #stop = new AbortController();
  readonly #tally: ResumeTally;
  #lag: ReturnType<typeof setTimeout> | undefined;

  constructor(hub: HubClient, filter: Filter, listener: FeedListener) {
    this.#hub = hub;
    this.#filter = filter;
    this.#listener = listener;
    this.#tally = new ResumeTally((text) => listener.say(text));
  }

  stop(): void {
    this.#stop.abort();
    this.#tally.stop();
    clearTimeout(this.#lag);
  }

  /** Loads a page of `limit` posts and follows from there on. Ends when it is stopped or has failed for good. */
  async run(limit: number): Promise<void> {
    const page = await this.#tryUntilAnswered(() => this.#hub.history({ filter: this.#filter, limit }));
    if (page === undefined) return;
    this.#listener.loaded(page);
    await this.follow(page.cursor);
  }

  async follow(from: string): Promise<void> {
    let cursor = from;
    await this.#tryUntilAnswered(async () => {
      const { signal } = this.#stop;
      const options = {
        filter: this.#filter,
        cursor,
        signal,
        onState: (state: ConnectionState) => this.#connection(state),
      };
      for await (const event of this.#hub.subscribe(options)) {
        cursor = event.cursor;
        this.#tally.note(event);
        this.#listener.received(event);
      }
    });
  }

  #connection(state: ConnectionState): void {
    if (this.#stop.signal.aborted) return;
    clearTimeout(this.#lag);
    if (state === 'live') this.#tally.back();
    else if (state === 'connecting' || state === 'offline') this.#tally.lost();
    else if (state === 'lagging') this.#lag = setTimeout(() => this.#listener.connection('live'), LAG_SHOWN_MS);
    this.#listener.connection(state);
  }

  async #tryUntilAnswered<T>(action: () => Promise<T>): Promise<T | undefined> {
    for (let delay = RETRY_MS; !this.#stop.signal.aborted; delay = Math.min(delay * 1.5, RETRY_MAX_MS)) {
      try {
        const answer = await action();
        return this.#stop.signal.aborted ? undefined : answer;
      } catch (error) {
        if (!(error instanceof HubClientError)) throw error;
        if (this.#stop.signal.aborted) return undefined;
        this.#listener.failed(error);
        if (!error.retryable) return undefined;
        this.#connection(navigator.onLine ? 'connecting' : 'offline');
        await this.#wait(delay * (0.5 + Math.random()));
      }
    }
    return undefined;
  }

  /** Until the time is up, the network is back, or the page is looked at again. */
  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = new AbortController();
      const end = () => {
        clearTimeout(timer);
        done.abort();
        resolve();
      };
      const timer = setTimeout(end, ms);
      addEventListener('online', end, { signal: done.signal });
      this.#stop.signal.addEventListener('abort', end, { signal: done.signal });
    });
  }
}
