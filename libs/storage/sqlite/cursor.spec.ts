import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CursorCodec } from './cursor.ts';

describe('CursorCodec', () => {
  const codec = new CursorCodec('a1b2');

  it('reads what it wrote', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (position) => codec.decode(codec.encode(position)) === position));
  });

  it('reads nothing else', () => {
    const others = [
      '',
      'a1b2',
      'a1b2-',
      'a1b2-01',
      'a1b2--1',
      'a1b2-1 ',
      'a1b2-1.5',
      'A1B2-1',
      'a1b2-Z',
      'c3d4-1',
      '1',
    ];
    for (const other of [...others, `a1b2-${'z'.repeat(20)}`]) expect(() => codec.decode(other)).toThrow('cursor');
  });
});
