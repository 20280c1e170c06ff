import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { RateBudget } from './rate-budget.ts';

const told = (remaining: number, reset: string) =>
  new Headers({ 'X-RateLimit-Remaining': String(remaining), 'X-RateLimit-Reset': reset });

describe('RateBudget', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** How long, in milliseconds, until a request may be made; makes it then. */
  function waits(budget: RateBudget, reserve = 0): number {
    const ms = budget.delay(reserve);
    jest.advanceTimersByTime(ms);
    expect(budget.delay(reserve)).toBe(0);
    budget.spend();
    return ms;
  }

  it('allows a burst, then 0.8 a second, where the server says nothing', () => {
    const budget = new RateBudget();
    for (let i = 0; i < 60; i += 1) expect(waits(budget)).toBe(0);
    expect(waits(budget)).toBeGreaterThanOrEqual(1200);
    expect(waits(budget)).toBeGreaterThanOrEqual(1200);
  });

  it('takes the server’s word for more', () => {
    const budget = new RateBudget();
    budget.learn(told(1000, '60000'));
    for (let i = 0; i < 500; i += 1) expect(waits(budget)).toBe(0);
  });

  it('leaves the reserve, until the server’s window is over', () => {
    const budget = new RateBudget();
    budget.learn(told(102, new Date(1_000_000 + 20_000).toISOString()));
    expect(waits(budget, 100)).toBe(0);
    expect(waits(budget, 100)).toBe(0);
    expect(waits(budget, 5)).toBe(0);
    expect(waits(budget, 100)).toBeGreaterThanOrEqual(20_000);
  });

  it.each([
    ['30', 30_000],
    [new Date(1_000_000 + 40_000).toUTCString(), 40_000],
  ])('stops at 429 with Retry-After: %s', (value, ms) => {
    const budget = new RateBudget();
    budget.block(new Headers({ 'Retry-After': value }));
    expect(waits(budget)).toBeGreaterThanOrEqual(ms);
  });

  it('stops waiting when it is told to', async () => {
    const budget = new RateBudget();
    budget.block(undefined);
    const stop = new AbortController();
    const taken = budget.take(0, stop.signal);
    stop.abort();
    await taken;
  });
});
