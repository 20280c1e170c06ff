import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AFTER_ALL, pageOrder } from './keys.ts';

const date = fc.date({ min: new Date(0), max: new Date('3000-01-01'), noInvalidDate: true });

describe('pageOrder', () => {
  it('sorts as text as creation does, to the millisecond', () => {
    fc.assert(
      fc.property(date, date, (a, b) => {
        const [first, second] = [a, b].map((each) => pageOrder(each.toISOString(), 'Z'.repeat(26)));
        expect(Math.sign(a.getTime() - b.getTime())).toBe(Number(first! > second!) - Number(first! < second!));
      }),
    );
  });

  it('tells posts of one moment apart, and takes times from before 1970 for its start', () => {
    const at = '2026-11-01T12:00:00.000Z';
    expect(pageOrder(at, '01M6BFP5G05VPA2BPDXTPHTGT0')).not.toBe(pageOrder(at, '01M6BFP5G0DFQHXBW34H9PVRP0'));
    expect(pageOrder('1955-01-01T00:00:00.000Z', 'A')).toBe(pageOrder('1970-01-01T00:00:00.000Z', 'A'));
    expect(pageOrder('9999-12-31T23:59:59.999Z', 'Z'.repeat(26)) < AFTER_ALL).toBe(true);
  });
});
