import { describe, expect, it } from '@jest/globals';
import { IngestClock } from './index.ts';

describe('IngestClock', () => {
  it('rises strictly, also within a microsecond', () => {
    const clock = new IngestClock();
    const given = Array.from({ length: 10_000 }, () => clock.next());
    expect(given.every((sequence, i) => i === 0 || sequence > given[i - 1]!)).toBe(true);
  });

  it('tells the time in microseconds', () => {
    const before = Date.now() * 1000;
    expect(new IngestClock().next()).toBeGreaterThanOrEqual(before);
  });

  it('goes on after an earlier run, even if the clock went back', () => {
    const future = Date.now() * 1000 + 3_600_000_000;
    expect(new IngestClock(future).next()).toBe(future + 1);
  });
});
