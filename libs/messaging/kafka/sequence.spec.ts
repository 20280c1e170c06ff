import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import { PartitionClock } from './sequence.ts';

interface Stored {
  offset: number;
  first: number;
  ms: number;
}

const stored = ({ offset, first, ms }: Stored) => {
  const batchContext = { firstOffset: String(first) };
  const message = { key: null, value: null, attributes: 0, headers: {}, offset: String(offset), timestamp: String(ms) };
  return { ...message, batchContext } as KafkaMessage;
};

/** Record batches of some length, each taken at some time. */
const partitions = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 5 })), {
    minLength: 1,
    maxLength: 10,
  })
  .map((batches) => {
    const messages: Stored[] = [];
    let ms = Date.UTC(2026, 0);
    for (const [length, later] of batches) {
      ms += later;
      const first = messages.length;
      for (let i = 0; i < length; i++) messages.push({ offset: first + i, first, ms });
    }
    return messages;
  });

describe('PartitionClock', () => {
  it('rises along a partition, on the scale of ingest sequences', () => {
    fc.assert(
      fc.property(partitions, (messages) => {
        const clock = new PartitionClock();
        const given = messages.map((message) => clock.next(stored(message)));
        for (const [i, sequence] of given.entries()) {
          expect(sequence).toBeGreaterThan(given[i - 1] ?? 0);
          expect(Math.abs(sequence - (messages[i]?.ms ?? 0) * 1000)).toBeLessThan(1000);
        }
      }),
    );
  });

  it('gives the same again to whoever reads on from the middle of a record batch', () => {
    const ms = Date.UTC(2026, 0);
    const messages = Array.from({ length: 10 }, (_, offset) => ({ offset, first: 0, ms }));
    const [whole, rest] = [new PartitionClock(), new PartitionClock()];
    const given = messages.map((message) => whole.next(stored(message)));
    expect(messages.slice(6).map((message) => rest.next(stored(message)))).toEqual(given.slice(6));
  });

  it('does not believe a time that cannot be', () => {
    const clock = new PartitionClock();
    expect(clock.next(stored({ offset: 0, first: 0, ms: -1 }))).toBe(1);
    const future = clock.next(stored({ offset: 1, first: 1, ms: 8.64e15 }));
    expect(Math.abs(future - Date.now() * 1000)).toBeLessThan(1e6);
    expect(clock.next(stored({ offset: 2, first: 2, ms: 0 }))).toBe(future + 1);
  });
});
