import type { HubEvent, Post } from '@hub/client';

/** What happened in one second. */
interface Second {
  at: number;
  posts: number;
  changes: number;
  /** From when the hub saw a post to when it was handed to the screen, milliseconds. */
  delays: number[];
}

/** What was counted in a few seconds, for the tops. */
interface Bin {
  at: number;
  hashtags: Map<string, number>;
  languages: Map<string, number>;
  servers: Map<string, number>;
}

export interface Source {
  host: string;
  posts: number;
  /** Milliseconds since the epoch. */
  lastSeen: number;
}

export type Ranking = 'hashtags' | 'languages' | 'servers';

const KEPT_SECONDS = 15 * 60;
const BIN_SECONDS = 10;
/** Older posts are caught up on: they say nothing of how fast the hub is now. */
const LIVE_MS = 60_000;

/** Counts what passes, over the last quarter of an hour. */
export class Pulse {
  #seconds: Second[] = [];
  #bins: Bin[] = [];
  readonly sources = new Map<string, Source>();
  #since: number;

  /** `since`: from when on it is told what passes; before, nothing is known. Milliseconds since the epoch. */
  constructor(since = Date.now()) {
    this.#since = Math.floor(since / 1000);
  }

  /** Counts anew: what was counted was of another view. */
  clear(now = Date.now()): void {
    this.#since = Math.floor(now / 1000);
    this.#seconds = [];
    this.#bins = [];
  }

  /** Takes in events that are shown now. */
  note(events: readonly HubEvent[], now = Date.now()): void {
    const second = this.#second(Math.floor(now / 1000));
    for (const { type, data } of events) {
      if (type === 'gap') continue;
      if (type !== 'post') second.changes += 1;
      else {
        second.posts += 1;
        this.#post(data, second, now);
      }
    }
  }

  /** Columns for a chart of the last `length` seconds up to now: times (s), posts a second, median and 95th percentile of delays (ms). */
  columns(length: number, now = Date.now()): [number[], (number | null)[], (number | null)[], (number | null)[]] {
    const last = Math.floor(now / 1000) - 1;
    const known = new Map(this.#seconds.map((second) => [second.at, second]));
    const times = Array.from({ length }, (_, i) => last - length + 1 + i);
    const at = (time: number) => known.get(time);
    return [
      times,
      times.map((time) => at(time)?.posts ?? (time < this.#since ? null : 0)),
      times.map((time) => percentile(at(time)?.delays ?? [], 0.5)),
      times.map((time) => percentile(at(time)?.delays ?? [], 0.95)),
    ];
  }

  /** Posts a second over the last `length` seconds. */
  rate(length: number, now = Date.now()): number {
    const since = Math.floor(now / 1000) - length;
    return this.#seconds.filter(({ at }) => at >= since).reduce((sum, { posts }) => sum + posts, 0) / length;
  }

  /** A percentile of the delays of the last `length` seconds, milliseconds; null without posts. */
  delay(length: number, share: number, now = Date.now()): number | null {
    const since = Math.floor(now / 1000) - length;
    return percentile(
      this.#seconds.filter(({ at }) => at >= since).flatMap(({ delays }) => delays),
      share,
    );
  }

  /** What occurred most in the last `length` seconds, the most frequent first. */
  top(ranking: Ranking, length: number, most: number, now = Date.now()): [string, number][] {
    const sums = new Map<string, number>();
    for (const bin of this.#bins) {
      if (bin.at < now / 1000 - length) continue;
      for (const [name, times] of bin[ranking]) sums.set(name, (sums.get(name) ?? 0) + times);
    }
    return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, most);
  }

  #post(post: Post, second: Second, now: number): void {
    const { hub } = post;
    const delay = now - Date.parse(hub.observed_at);
    if (delay < LIVE_MS) second.delays.push(Math.max(0, delay));
    const bin = this.#bin(second.at);
    if (hub.trendable) for (const tag of hub.hashtags) increment(bin.hashtags, tag);
    if (post.language !== null) increment(bin.languages, post.language);
    increment(bin.servers, hub.instance);
    const source = this.sources.get(hub.source) ?? { host: hub.source, posts: 0, lastSeen: now };
    this.sources.set(hub.source, { ...source, posts: source.posts + 1, lastSeen: now });
  }

  #second(at: number): Second {
    const last = this.#seconds.at(-1);
    if (last?.at === at) return last;
    const second = { at, posts: 0, changes: 0, delays: [] };
    this.#seconds.push(second);
    while ((this.#seconds[0]?.at ?? at) < at - KEPT_SECONDS) this.#seconds.shift();
    return second;
  }

  #bin(second: number): Bin {
    const at = second - (second % BIN_SECONDS);
    const last = this.#bins.at(-1);
    if (last?.at === at) return last;
    const bin = { at, hashtags: new Map(), languages: new Map(), servers: new Map() };
    this.#bins.push(bin);
    while ((this.#bins[0]?.at ?? at) < at - KEPT_SECONDS) this.#bins.shift();
    return bin;
  }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function percentile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}
