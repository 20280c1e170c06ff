import { SYSTEM_CLOCK, type Clock } from '../clock.ts';

/** Mastodon's own limit is 300 requests in 5 minutes; these hold where a server says nothing. */
const BURST = 60;
const PER_SECOND = 0.8;
const LONGEST_WAIT_MS = 15 * 60_000;

/** What may be asked of one server: its own word where it gives one (X-RateLimit-*), else a token bucket. */
export class RateBudget {
  readonly #clock: Clock;
  #tokens = BURST;
  #filledAt: number;
  #remaining: number | undefined;
  #resetAt = 0;
  #blockedUntil = 0;

  constructor(clock = SYSTEM_CLOCK) {
    this.#clock = clock;
    this.#filledAt = clock.now();
  }

  /** Waits until a request may be made. `reserve`: how many of the allowed requests to leave to others. */
  async take(reserve: number, signal: AbortSignal): Promise<void> {
    for (let ms = this.delay(reserve); ms > 0 && !signal.aborted; ms = this.delay(reserve))
      await this.#clock.pause(ms, signal);
    this.spend();
  }

  spend(): void {
    this.#tokens -= 1;
    if (this.#remaining !== undefined) this.#remaining -= 1;
  }

  /** Learns from an answer, also from a refusal. */
  learn(headers: Headers): void {
    const remaining = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN);
    const resetAt = toTime(headers.get('x-ratelimit-reset'));
    if (!Number.isFinite(remaining) || resetAt === undefined) return;
    // Answers of the same window overtake each other: what was asked since is not counted in all of them.
    const known = resetAt === this.#resetAt ? this.#remaining : undefined;
    this.#remaining = known === undefined ? remaining : Math.min(known, remaining);
    this.#resetAt = resetAt;
  }

  /** The server refused with 429: asks nothing until it says so. */
  block(headers: Headers | undefined): void {
    const now = this.#clock.now();
    const wait = retryAfterMs(headers?.get('retry-after'), now) ?? Math.max(this.#resetAt - now, 5000);
    this.#blockedUntil = now + Math.min(wait, LONGEST_WAIT_MS);
  }

  /** Milliseconds to wait before asking again; 0: now. */
  delay(reserve: number): number {
    const now = this.#clock.now();
    if (now < this.#blockedUntil) return this.#blockedUntil - now;
    if (this.#remaining !== undefined && now < this.#resetAt) {
      return this.#remaining > reserve ? 0 : Math.min(this.#resetAt - now, LONGEST_WAIT_MS);
    }
    this.#remaining = undefined;
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#filledAt) / 1000) * PER_SECOND);
    this.#filledAt = now;
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / PER_SECOND) * 1000);
  }
}

/** Seconds or a date. */
function retryAfterMs(value: string | null | undefined, now: number): number | undefined {
  if (value === null || value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return ms > 0 ? ms : undefined;
}

/** A date or seconds since 1970, as milliseconds since 1970. */
function toTime(value: string | null): number | undefined {
  if (value === null) return undefined;
  const time = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
