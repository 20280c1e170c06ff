import { describe, expect, it } from '@jest/globals';
import { Faults } from './faults.ts';
import { Random } from './random.ts';

describe('Faults', () => {
  const at = { now: 0 };
  const fresh = () => new Faults(new Random(1), () => at.now);

  it('strikes as often as counted', () => {
    const faults = fresh();
    faults.set({ name: 'duplicate', count: 2 });
    expect([1, 2, 3].map(() => faults.strikes('duplicate'))).toEqual([true, true, false]);
    expect(faults.list()).toEqual([]);
  });

  it('is over after its time', () => {
    const faults = fresh();
    at.now = 1_000;
    faults.set({ name: 'go_silent', durationMs: 500 });
    at.now = 1_499;
    expect(faults.strikes('go_silent')).toBe(true);
    at.now = 1_500;
    expect(faults.isSet('go_silent')).toBe(false);
    expect(faults.strikes('go_silent')).toBe(false);
  });

  it('strikes about as often as its probability says', () => {
    const faults = fresh();
    faults.set({ name: 'reorder', probability: 0.25 });
    const struck = Array.from({ length: 4_000 }, () => faults.strikes('reorder')).filter(Boolean).length;
    expect(struck).toBeGreaterThan(850);
    expect(struck).toBeLessThan(1_150);
    expect(faults.list()).toEqual([{ name: 'reorder', probability: 0.25, struck }]);
  });

  it('ends when cleared', () => {
    const faults = fresh();
    faults.set({ name: 'rate_limited' });
    faults.set({ name: 'server_error' });
    faults.clear('rate_limited');
    expect(faults.list().map(({ name }) => name)).toEqual(['server_error']);
    faults.clearAll();
    expect(faults.strikes('server_error')).toBe(false);
  });
});
