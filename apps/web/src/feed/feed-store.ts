import { HubClientError, type Filter, type HubClient, type HubEvent } from '@hub/client';
import { Observable } from '../observable.ts';
import { FeedFollower } from './feed-follower.ts';
import { INITIAL_STATE, type FeedState } from './feed-state.ts';
import { PostList } from './post-list.ts';

/** The screen changes no more often than this; a lone event shows at once. Milliseconds. */
const FLUSH_MS = 200;
const PAGE = 40;
const BOOKMARK_EVERY = 500;
const GAPS_KEPT = 50;

/** The feed of the page: what is shown of it and how it stands, for components to follow. */
export class FeedStore extends Observable<FeedState> {
  readonly #hub: HubClient;
  readonly #list = new PostList();
  readonly #observers = new Set<(events: readonly HubEvent[]) => void>();
  #follower: FeedFollower | undefined;
  #filter: Filter = {};
  #batch: HubEvent[] = [];
  #flushedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sinceBookmark = 0;
  #isFollowing = true;
  #notices = 0;

  constructor(hub: HubClient) {
    super(INITIAL_STATE);
    this.#hub = hub;
  }

  /** Shows the posts that pass a filter: stored ones, then live. What was shown stays until these are there. */
  start(filter: Filter = this.#filter): void {
    this.#filter = filter;
    this.#follower?.stop();
    this.#drop();
    this.#update({ phase: 'loading', problem: undefined, connection: 'connecting' });
    this.#follower = new FeedFollower(this.#hub, filter, {
      loaded: ({ posts, before }) => {
        this.#drop();
        this.#list.reset(posts, before);
        this.#update({ phase: 'ready', problem: undefined, older: before === null ? 'end' : 'more' });
      },
      received: (event) => this.#receive(event),
      connection: (connection) => this.#update({ connection, ...(connection === 'live' && { problem: undefined }) }),
      failed: (problem) => this.#update({ problem, ...(this.value.phase === 'loading' && { phase: 'failed' }) }),
      say: (text) => this.say(text),
    });
    void this.#follower.run(PAGE);
  }

  /** After `cursor_too_old`: goes on from the oldest change that is still kept. */
  goOnFrom(cursor: string): void {
    this.#update({ problem: undefined });
    void this.#follower?.follow(cursor);
  }

  /** Whether the reader is at the top and wants new posts to show by themselves; `reading`: how many posts down the reader is. */
  setFollowing(isFollowing: boolean, reading: number): void {
    this.#isFollowing = isFollowing;
    this.#list.reading = reading;
    if (isFollowing && this.value.waiting > 0) this.#flush();
  }

  setPaused(isPaused: boolean): void {
    this.#update({ isPaused });
    if (!isPaused) this.#flush();
  }

  /** Shows what waits. */
  reveal(): void {
    if (this.#list.isDetached) return this.start();
    this.#list.reveal();
    this.#update({ isPaused: false });
  }

  /** Loads the next older page, once at a time. */
  async loadOlder(): Promise<void> {
    const { before } = this.#list;
    const follower = this.#follower;
    if (typeof before !== 'string' || this.value.older === 'loading' || this.value.phase !== 'ready') return;
    this.#update({ older: 'loading' });
    try {
      const page = await this.#hub.history({ filter: this.#filter, before, limit: PAGE });
      if (follower !== this.#follower) return;
      this.#list.append(page.posts, page.before);
      this.#update({ older: page.before === null ? 'end' : 'more' });
    } catch (error) {
      if (!(error instanceof HubClientError)) throw error;
      if (follower === this.#follower) this.#update({ older: 'failed' });
    }
  }

  /** Is handed all events as they are shown. */
  observe(observer: (events: readonly HubEvent[]) => void): void {
    this.#observers.add(observer);
  }

  /** Says something in one quiet line. */
  say(text: string): void {
    this.#update({ notice: { id: ++this.#notices, text } });
  }

  #receive(event: HubEvent): void {
    this.#batch.push(event);
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, this.#flushedAt + FLUSH_MS - performance.now()));
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushedAt = performance.now();
    const events = this.#batch;
    this.#batch = [];
    this.#list.apply(events);
    if (this.#isFollowing && !this.value.isPaused && !this.#list.isDetached) this.#list.reveal();
    for (const observer of this.#observers) observer(events);
    const gaps = events.flatMap((event) => (event.type === 'gap' ? [event.data] : []));
    this.#update(gaps.length === 0 ? {} : { gaps: [...gaps.toReversed(), ...this.value.gaps].slice(0, GAPS_KEPT) });
    this.#sinceBookmark += events.length;
    if (this.#sinceBookmark >= BOOKMARK_EVERY) void this.#bookmark();
  }

  /** So that one can scroll back to what a long live feed has let go. */
  async #bookmark(): Promise<void> {
    this.#sinceBookmark = 0;
    const follower = this.#follower;
    try {
      const { before } = await this.#hub.history({ filter: this.#filter, limit: 1 });
      if (before !== null && follower === this.#follower) this.#list.bookmark(before);
    } catch (error) {
      // The next one may succeed.
      if (!(error instanceof HubClientError)) throw error;
    }
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#batch = [];
    this.#sinceBookmark = 0;
  }

  #update(change: Partial<FeedState>): void {
    const { shown, waiting, isDetached, before } = this.#list;
    const older = before === undefined && this.value.phase === 'ready' ? { older: 'end' as const } : {};
    this.set({ ...this.value, posts: shown, waiting, isDetached, ...older, ...change });
  }
}
