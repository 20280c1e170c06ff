import { describe, expect, it } from '@jest/globals';
import { expiredOf, lagOf } from './positions.ts';

describe('positions', () => {
  const positions = [
    { partition: 0, low: 10, high: 30, committed: 20 },
    { partition: 1, low: 10, high: 30, committed: undefined },
    { partition: 2, low: 10, high: 30, committed: 4 },
    { partition: 3, low: 0, high: 0, committed: undefined },
  ];

  it('count what a group can still get, and what it never will', () => {
    expect(lagOf(positions)).toBe(10 + 20 + 20);
    expect(expiredOf(positions)).toBe(6);
  });
});
