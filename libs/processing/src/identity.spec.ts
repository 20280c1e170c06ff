import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { postId } from './identity.ts';

const uri = 'https://home.example/users/ada/statuses/1';

describe('postId', () => {
  it('never changes its form: ids are kept by clients and stores', () => {
    expect(postId(Date.parse('2026-11-01T10:00:00.250Z'), uri)).toBe('01M6B8TE80FT2QCKC6QT5EXVF1');
    expect(postId(0, '')).toBe('0000000000WERC8GMRZGE196QV');
  });

  it('sorts by time, to the second', () => {
    const second = fc.integer({ min: 0, max: 4e9 });
    fc.assert(
      fc.property(second, second, fc.webUrl(), fc.webUrl(), (a, b, one, two) => {
        fc.pre(a < b);
        expect(postId(a * 1000, one) < postId(b * 1000, two)).toBe(true);
      }),
    );
  });

  it('is another for each URI, and the same within a second', () => {
    expect(postId(1_000, `${uri}0`)).not.toBe(postId(1_000, uri));
    expect(postId(1_999, uri)).toBe(postId(1_000, uri));
    expect(postId(2_000, uri)).not.toBe(postId(1_000, uri));
  });

  it.each([-1, -8.64e15, 8.64e15, Number.MAX_SAFE_INTEGER])('has 26 characters at the time %d too', (time) => {
    expect(postId(time, uri)).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  });
});
