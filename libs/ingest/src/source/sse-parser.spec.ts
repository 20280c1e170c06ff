import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { SseParser, type ServerSentEvent } from './sse-parser.ts';

const STREAM =
  ':)\n\nevent: update\ndata: {"id":"1"}\n\n:thump\nevent:delete\r\ndata:2\r\n\r\nid: 7\ndata: a\ndata:  b: c\n\nevent: update\ndata: 3';

const read = (pieces: readonly string[]): ServerSentEvent[] => {
  const parser = new SseParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

describe('SseParser', () => {
  it('puts events together, however the stream is cut into pieces', () => {
    const expected = [
      { event: 'update', data: '{"id":"1"}' },
      { event: 'delete', data: '2' },
      { event: '', data: 'a\n b: c' },
    ];
    expect(read([STREAM])).toEqual(expected);
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), STREAM.length];
        expect(read(at.slice(1).map((end, index) => STREAM.slice(at[index], end)))).toEqual(expected);
      }),
    );
  });

  it('holds no event that never ends', () => {
    const parser = new SseParser();
    const piece = `data: ${'x'.repeat(1024 * 1024)}\n`;
    const flood = () => {
      for (let i = 0; i < 10; i += 1) parser.push(piece);
    };
    expect(flood).toThrow(RangeError);
  });
});
