import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { deadLetterTopic, isDeadLetterTopic, readDeadLetter, toDeadLetter } from './dead-letter.ts';
import type { Delivery } from './messaging.ts';

const delivery: Delivery = {
  key: 'a.example/1',
  value: Buffer.from('words'),
  headers: { ce_id: '1' },
  origin: 't/0@17',
  sequence: 17,
  publishedAt: new Date(0),
  attempt: 3,
};
const failedAt = new Date('2026-11-01T12:00:00.123Z');

describe('dead letters', () => {
  it('are on a topic of their own', () => {
    expect(deadLetterTopic('mastodon-posts')).toBe('mastodon-posts.dlq');
    expect([isDeadLetterTopic('mastodon-posts.dlq'), isDeadLetterTopic('mastodon-posts')]).toEqual([true, false]);
  });

  it('name reason, detail, origin and time in headers', () => {
    expect(toDeadLetter({ delivery, reason: 'invalid_event', detail: 'no id' }, failedAt)).toEqual({
      key: 'a.example/1',
      value: delivery.value,
      headers: {
        ce_id: '1',
        dlq_reason: 'invalid_event',
        dlq_detail: 'no id',
        dlq_origin: 't/0@17',
        dlq_failed_at: '2026-11-01T12:00:00.123Z',
      },
    });
  });

  it('are read back as what they were', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 100 });
    fc.assert(
      fc.property(text, text, fc.dictionary(fc.stringMatching(/^ce_[a-z]+$/), text), (reason, detail, headers) => {
        const letter = toDeadLetter({ delivery: { ...delivery, headers }, reason, detail }, failedAt);
        const { key, value, origin } = delivery;
        const expected = { id: '5', key, value, headers, reason, detail, origin, failedAt };
        expect(readDeadLetter('5', letter)).toEqual(expected);
      }),
    );
  });

  it('keep the first part of a long detail, and no half characters', () => {
    const { detail } = readDeadLetter(
      '1',
      toDeadLetter({ delivery, reason: 'r', detail: 'x' + '🦣'.repeat(1000) }, failedAt),
    );
    expect(detail.length).toBe(500);
    expect(detail.isWellFormed()).toBe(true);
  });
});
