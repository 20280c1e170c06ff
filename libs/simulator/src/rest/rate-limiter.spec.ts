import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from './rate-limiter.ts';

describe('RateLimiter', () => {
  it('counts each client for itself, in windows of five minutes of the clock', () => {
    const at = { now: 1_000 };
    const limiter = new RateLimiter(2, () => at.now);
    expect(limiter.take('a')).toEqual({ allowed: true, limit: 2, remaining: 1, resetAt: 300_000 });
    expect(limiter.take('a').allowed).toBe(true);
    expect(limiter.take('a')).toEqual({ allowed: false, limit: 2, remaining: 0, resetAt: 300_000 });
    expect(limiter.take('b').allowed).toBe(true);
    expect(limiter.refused).toBe(1);
    expect(limiter.take('b', true)).toMatchObject({ allowed: false, retryAfter: 30 });
    expect([limiter.impatient, limiter.peak, limiter.total]).toEqual([0, 3, 5]);
    at.now += 29_999;
    limiter.take('b');
    expect(limiter.impatient).toBe(1);
    at.now = 300_000;
    expect(limiter.take('a')).toEqual({ allowed: true, limit: 2, remaining: 1, resetAt: 600_000 });
  });
});
