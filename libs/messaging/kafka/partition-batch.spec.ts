import { describe, expect, it } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import { chunksOf } from './partition-batch.ts';
import { PartitionClock } from './sequence.ts';

const message = (offset: number, value: Buffer | null, more: Partial<KafkaMessage> = {}) =>
  ({
    key: Buffer.from('k'),
    value,
    attributes: 0,
    headers: {},
    offset: String(offset),
    timestamp: '1',
    ...more,
  }) as KafkaMessage;

const limits = { maxMessages: 3, maxBytes: 10 };
const cut = (messages: KafkaMessage[]) => [
  ...chunksOf({ topic: 't', partition: 2, messages }, limits, new PartitionClock()),
];

describe('chunksOf', () => {
  it('keeps to both limits, and gives a message that is larger by itself', () => {
    const sizes = [4, 4, 4, 11, 1, 1, 1, 1];
    const chunks = cut(sizes.map((size, i) => message(i, Buffer.alloc(size))));
    expect(chunks.map(({ offsets }) => offsets)).toEqual([['0', '1'], ['2'], ['3'], ['4', '5', '6'], ['7']]);
  });

  it('names where each stands', () => {
    const [chunk] = cut([message(7, Buffer.from('v'))]);
    expect(chunk?.deliveries).toMatchObject([{ key: 'k', origin: 't/2@7', attempt: 1, publishedAt: new Date(1) }]);
  });

  it('makes an envelope of whatever is there', () => {
    const headers = {
      none: undefined,
      twice: [Buffer.from('a'), Buffer.from('b')],
      text: 'c',
      junk: Buffer.from([255]),
    };
    const [chunk] = cut([message(0, null, { key: null, headers })]);
    expect(chunk?.deliveries[0]).toMatchObject({
      key: '',
      value: new Uint8Array(),
      headers: { none: '', twice: 'b', text: 'c', junk: '�' },
    });
  });
});
