import type { Clock } from '../ids.ts';

const WINDOW_MS = 300_000;

/** What is left to a client, as the X-RateLimit headers tell it. */
export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** ms since 1970 */
  resetAt: number;
}

/** So many requests in each five minutes of the clock, for each client. */
export class RateLimiter {
  private readonly clock: Clock;
  private readonly used = new Map<string, number>();
  private window = 0;
  /** Requests in a window. */
  limit: number;
  /** Requests that were refused. */
  refused = 0;

  constructor(limit: number, clock: Clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /** Counts a request of a client. */
  take(client: string): Allowance {
    const window = Math.floor(this.clock() / WINDOW_MS);
    if (window !== this.window) this.used.clear();
    this.window = window;
    const used = (this.used.get(client) ?? 0) + 1;
    this.used.set(client, used);
    const allowed = used <= this.limit;
    if (!allowed) this.refused += 1;
    return { allowed, limit: this.limit, remaining: Math.max(0, this.limit - used), resetAt: (window + 1) * WINDOW_MS };
  }
}
