import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Tail } from './tail.ts';

const ANY = { maxMessages: 1_000, maxBytes: 1_000_000_000 };

function envelopes(count: number, bytes = 1) {
  return Array.from({ length: count }, () => ({ key: 'k', value: new Uint8Array(bytes), headers: {} }));
}

describe('the tail of a log', () => {
  it('gives what was appended last from any offset on, and nothing past a gap that others left', () => {
    const append = fc.record({ gap: fc.constantFrom(0, 0, 0, 2), count: fc.integer({ min: 1, max: 4 }) });
    fc.assert(
      fc.property(fc.array(append, { maxLength: 8 }), (appends) => {
        const tail = new Tail();
        let next = 0;
        let begin = 0;
        for (const { gap, count } of appends) {
          if (gap > 0) begin = next + gap;
          tail.add({ first: next + gap, publishedAt: 0, envelopes: envelopes(count) });
          next += gap + count;
        }
        for (let offset = 0; offset <= next; offset++) {
          const found = tail.from(offset, ANY);
          expect(found === undefined).toBe(offset < begin || offset === next);
          if (found === undefined) continue;
          expect(found[0]?.first).toBeLessThanOrEqual(offset);
          const end = found.reduce(
            (at, { first, envelopes }) => (first === at ? at + envelopes.length : NaN),
            found[0]?.first ?? NaN,
          );
          expect(end).toBe(next);
        }
      }),
    );
  });

  it('stops at either bound of a batch', () => {
    const tail = new Tail();
    for (const first of [0, 10, 20]) tail.add({ first, publishedAt: 0, envelopes: envelopes(10, 5) });
    expect(tail.from(0, { maxMessages: 11, maxBytes: 1_000 })).toHaveLength(2);
    expect(tail.from(0, { maxMessages: 100, maxBytes: 50 })).toHaveLength(1);
  });

  it('holds eight megabytes at most', () => {
    const tail = new Tail();
    for (let first = 0; first < 20; first++) tail.add({ first, publishedAt: 0, envelopes: envelopes(1, 1024 * 1024) });
    expect(tail.from(11, ANY)).toBeUndefined();
    expect(tail.from(12, ANY)).toHaveLength(8);
  });
});
