import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fromMastodonId, toMastodonId } from './ids.ts';

const id = fc.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);

describe('ids for clients of Mastodon', () => {
  it('are numbers, in the same order, and lead back', () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        const numbers = [a, b].map(toMastodonId);
        expect(numbers.map((number) => fromMastodonId(number))).toEqual([a, b]);
        expect(BigInt(numbers[0]!) < BigInt(numbers[1]!)).toBe(a < b);
      }),
    );
  });

  it('may be given in the hub’s own form, and 0 is before all', () => {
    expect(fromMastodonId('01M6BFP5G0N3QSDXDQ1PF15DPQ')).toBe('01M6BFP5G0N3QSDXDQ1PF15DPQ');
    expect(fromMastodonId('0')).toBe('0'.repeat(26));
    expect(fromMastodonId('nonsense')).toBe('nonsense');
  });
});
