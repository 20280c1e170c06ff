import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { RateLimit } from './rate-limit.ts';

describe('RateLimit', () => {
  it('gives a minute’s worth at once, then one each so often, to each name its own', () => {
    const limit = new RateLimit();
    for (let n = 0; n < 60; n++) expect(limit.spend('a', 60, 1000)).toBe(0);
    expect(limit.spend('a', 60, 1000)).toBe(1000);
    expect(limit.spend('a', 60, 1999)).toBe(1);
    expect(limit.spend('b', 60, 1000)).toBe(0);
    expect(limit.wait('a', 60, 2000)).toBe(0);
    expect(limit.spend('a', 60, 2000)).toBe(0);
    expect(limit.spend('a', 60, 2000)).toBe(1000);
  });

  it('never gives more than two minutes’ worth in a minute, and as much as was waited for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.nat(5000), { maxLength: 300 }), (perMinute, gaps) => {
        const limit = new RateLimit();
        const taken: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          const wait = limit.spend('a', perMinute, now);
          if (wait === 0) taken.push(now);
          else expect(limit.wait('a', perMinute, now + wait + 0.001)).toBe(0);
        }
        for (const from of taken) {
          expect(taken.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(2 * perMinute);
        }
      }),
    );
  });

  it('does not count where there is no limit', () => {
    expect(new RateLimit().spend('a', Infinity)).toBe(0);
  });
});
