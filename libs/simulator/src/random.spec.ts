import { describe, expect, it } from '@jest/globals';
import { Random } from './random.ts';

const draw = (seed: number, count: number) => {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.next());
};

describe('Random', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    expect(draw(5, 50)).toEqual(draw(5, 50));
    expect(draw(5, 50)).not.toEqual(draw(6, 50));
  });

  it('is even enough to be mistaken for chance', () => {
    const numbers = draw(1, 20_000);
    expect(numbers.every((n) => n >= 0 && n < 1)).toBe(true);
    const buckets = Array.from({ length: 10 }, (_, i) => numbers.filter((n) => Math.floor(n * 10) === i).length);
    for (const size of buckets) expect(Math.abs(size - 2_000)).toBeLessThan(200);
  });

  it('chooses as often as the weights say', () => {
    const random = new Random(2);
    const chosen = Array.from({ length: 10_000 }, () => random.weighted({ often: 9, seldom: 1, never: 0 }));
    expect(chosen.filter((key) => key === 'seldom').length).toBeGreaterThan(850);
    expect(chosen.filter((key) => key === 'seldom').length).toBeLessThan(1_150);
    expect(chosen).not.toContain('never');
  });

  it('samples different elements, as many as there are', () => {
    const random = new Random(3);
    expect(random.sample(['a', 'b', 'c'], 5).sort()).toEqual(['a', 'b', 'c']);
    expect(random.sample(['a', 'b', 'c'], 2)).toHaveLength(2);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});
