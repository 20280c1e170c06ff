import type { Clock } from '../ids.ts';

const WINDOW_MS = 300_000;
const WAIT_SECONDS = 30;

/** What is left to a client, as the X-RateLimit headers tell it. */
export interface Allowance {
  allowed: boolean;
  limit: number;
  remaining: number;
  /** ms since 1970 */
  resetAt: number;
  /** Seconds, for a client that was told to wait. */
  retryAfter?: number;
}

/** So many requests in each five minutes of the clock, for each client. */
export class RateLimiter {
  private readonly clock: Clock;
  private readonly used = new Map<string, number>();
  private readonly waiting = new Map<string, number>();
  private window = 0;
  /** Requests in a window. */
  limit: number;
  /** Requests that were refused. */
  refused = 0;
  /** Requests of clients that had been told to wait. */
  impatient = 0;
  /** The most requests that a client has made in a window. */
  peak = 0;
  /** Requests in all. */
  total = 0;

  constructor(limit: number, clock: Clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /**
   * Counts a request of a client.
   * @param isBusy whether it is told to wait, whatever is left to it
   */
  take(client: string, isBusy = false): Allowance {
    const now = this.clock();
    const window = Math.floor(now / WINDOW_MS);
    if (window !== this.window) this.used.clear();
    this.window = window;
    const used = (this.used.get(client) ?? 0) + 1;
    this.used.set(client, used);
    this.total += 1;
    this.peak = Math.max(this.peak, used);
    if (now < (this.waiting.get(client) ?? 0)) this.impatient += 1;
    if (isBusy) this.waiting.set(client, now + WAIT_SECONDS * 1000);
    const allowed = used <= this.limit && !isBusy;
    if (!allowed) this.refused += 1;
    const remaining = Math.max(0, this.limit - used);
    const retryAfter = isBusy ? { retryAfter: WAIT_SECONDS } : {};
    return { allowed, limit: this.limit, remaining, resetAt: (window + 1) * WINDOW_MS, ...retryAfter };
  }
}
