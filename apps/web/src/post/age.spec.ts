import { describe, expect, it } from '@jest/globals';
import { inWords, latency } from '../words.ts';
import { age } from './age.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');

describe('times', () => {
  it.each([
    [0, 'now'],
    [-5000, 'now'],
    [12_000, '12s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [3_599_999, '59m'],
    [7_200_000, '2h'],
    [3 * 86_400_000, '3d'],
  ])('%s ms ago is %s', (past, words) => {
    expect(age(NOW - past, NOW)).toBe(words);
  });

  it('has a date after a week, and the year when it is another', () => {
    expect(age(NOW - 10 * 86_400_000, NOW)).toMatch(/Nov|10/);
    expect(age(NOW - 400 * 86_400_000, NOW)).toMatch(/2025/);
  });

  it('says spans and delays in words', () => {
    expect([500, 1000, 61_000, 7_200_000].map(inWords)).toEqual(['1 second', '1 second', '1 minute', '2 hours']);
    expect([12.3, 2100, 42_000].map(latency)).toEqual(['12 ms', '2.1 s', '42 s']);
  });
});
