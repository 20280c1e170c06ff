import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Envelope } from '@hub/contracts/proto';
import { decodeSegment, encodeSegment } from './segment.ts';

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constant('__proto__'));
const envelope: fc.Arbitrary<Envelope> = fc.record({
  key: text,
  value: fc.uint8Array({ maxLength: 50 }),
  headers: fc.array(fc.tuple(text, text), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
});

describe('a segment', () => {
  it('gives back what was put in', () => {
    fc.assert(
      fc.property(fc.array(envelope), (envelopes) => {
        expect(decodeSegment(encodeSegment(envelopes), 'p')).toEqual(envelopes);
      }),
    );
  });

  it('gives back half a character of a key', () => {
    const odd = [{ key: 'a\ud83d', value: new Uint8Array(), headers: {} }];
    expect(decodeSegment(encodeSegment(odd), 'p')).toEqual(odd);
  });

  it('is refused when any byte of it has changed or its end is missing', () => {
    const bytes = encodeSegment([{ key: 'k', value: Buffer.from('value'), headers: { ce_id: '1' } }]);
    for (let at = 0; at < bytes.byteLength; at++) {
      const damaged = bytes.with(at, (bytes[at] ?? 0) ^ 1);
      expect(() => decodeSegment(damaged, '/data/log.db')).toThrow(/\/data\/log\.db is damaged/);
      expect(() => decodeSegment(bytes.subarray(0, at), 'p')).toThrow(
        expect.objectContaining({ code: 'data_corrupt' }),
      );
    }
  });

  it('holds headers that repeat once', () => {
    const headers = { ce_specversion: '1.0', ce_source: 'mastodon.example', 'content-type': 'application/protobuf' };
    const envelopes = Array.from({ length: 100 }, (_, i) => ({ key: `${i}`, value: new Uint8Array(), headers }));
    expect(encodeSegment(envelopes).byteLength).toBeLessThan(100 * 30);
  });

  it('lies in memory of its own', () => {
    const bytes = encodeSegment([{ key: 'k', value: Buffer.from('v'), headers: {} }]);
    expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
  });
});
