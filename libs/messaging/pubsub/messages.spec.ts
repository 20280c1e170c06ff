import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { Envelope } from '@hub/contracts/proto';
import { readDeadLetter, toDeadLetter } from '@hub/messaging';
import { bury } from './bury.ts';
import { compareIds, isLetterId, letterId, NEVER_ACKNOWLEDGED, toLetter } from './letters.ts';
import { MAX_REQUEST_BYTES, toDelivery, toEnvelope, toMessage } from './messages.ts';

const envelope = (fields: Partial<Envelope> = {}): Envelope => ({
  key: 'a.example/1',
  value: Buffer.from('value'),
  headers: { ce_id: '1' },
  ...fields,
});

describe('a message', () => {
  it('has the key as its ordering key and headers as attributes', () => {
    const { message, bytes } = toMessage(envelope());
    expect(message).toEqual({ orderingKey: 'a.example/1', data: Buffer.from('value'), attributes: { ce_id: '1' } });
    expect(bytes).toBeGreaterThan(20);
    expect(toEnvelope(message)).toEqual(envelope());
  });

  it.each([
    ['a key of more than 1 KiB', { key: 'ü'.repeat(513) }, 'bad_request'],
    [
      'too many headers',
      { headers: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`h${i}`, 'x'])) },
      'bad_request',
    ],
    ['a header that is too long', { headers: { note: 'ü'.repeat(513) } }, 'bad_request'],
    ["a header of Google's", { headers: { googclient_x: '1' } }, 'bad_request'],
    ['a header without a name', { headers: { '': 'x' } }, 'bad_request'],
    ['nothing in it', { headers: {}, value: new Uint8Array() }, 'bad_request'],
    ['more than 10 MB', { value: new Uint8Array(MAX_REQUEST_BYTES) }, 'payload_too_large'],
  ])('with %s is refused before it is sent', (_, fields, code) => {
    expect(() => toMessage(envelope(fields))).toThrow(expect.objectContaining({ code }));
  });

  it('says where it stands and when it was published', () => {
    const publishTime = { seconds: '1795405464', nanos: 889_653_024 };
    const delivery = toDelivery('posts', { ...toMessage(envelope()).message, messageId: '77', publishTime });
    expect(delivery).toMatchObject({
      ...envelope(),
      origin: 'posts/77',
      sequence: 1_795_405_464_889_653,
      publishedAt: new Date(1_795_405_464_889),
      attempt: 1,
    });
    expect(Number.isSafeInteger(delivery.sequence)).toBe(true);
  });

  it('of somebody else may lack anything', () => {
    expect(toEnvelope({})).toEqual({ key: '', value: new Uint8Array(), headers: {} });
  });
});

describe('a dead letter', () => {
  const failedAt = new Date('2026-11-23T04:00:00Z');

  it('is one that Pub/Sub takes, whatever the message was', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    const name = fc.string({ minLength: 1, maxLength: 60 }).map((name) => name.replace(/^goog/i, 'x'));
    const headers = fc.dictionary(fc.oneof(name, fc.constant('googclient_trace')), text, { maxKeys: 110 });
    await fc.assert(
      fc.asyncProperty(headers, fc.string({ unit: 'binary', maxLength: 2_000 }), async (headers, detail) => {
        const delivery = toDelivery('t', { messageId: '1', data: Buffer.from('x'), attributes: headers });
        const buried: Envelope[] = [];
        const publish = async (letters: readonly Envelope[]) => void buried.push(...letters);
        await bury([toDeadLetter({ delivery, reason: 'broken', detail }, failedAt)], { publish });
        expect(() => toMessage(buried[0]!)).not.toThrow();
        expect(readDeadLetter('1', buried[0]!)).toMatchObject({ reason: 'broken', origin: 't/1', failedAt });
      }),
      { numRuns: 50 },
    );
  });

  it('that is too large with its reason is cut', async () => {
    const buried: Envelope[] = [];
    await bury([envelope({ value: new Uint8Array(MAX_REQUEST_BYTES - 40) })], {
      async publish(letters) {
        letters.forEach(toMessage);
        buried.push(...letters);
      },
    });
    expect(buried[0]?.value.byteLength).toBe(64 * 1024);
  });

  it('of the server says that the message was never acknowledged', () => {
    const letter = toLetter({
      messageId: '9',
      publishTime: { seconds: 1_795_405_464, nanos: 0 },
      data: Buffer.from('x'),
      orderingKey: 'k',
      attributes: {
        ce_id: '1',
        CloudPubSubDeadLetterSourceSubscription: 'posts.processor',
        CloudPubSubDeadLetterSourceDeliveryCount: '100',
        CloudPubSubDeadLetterSourceTopicPublishTime: '2026-11-23T03:00:00.000+00:00',
      },
    });
    expect(letter).toMatchObject({
      key: 'k',
      headers: { ce_id: '1' },
      reason: NEVER_ACKNOWLEDGED,
      detail: 'delivered 100 times',
      origin: 'posts.processor (published 2026-11-23T03:00:00.000+00:00)',
    });
  });

  it('has an id by which letters stand in the order of their burial', () => {
    const ids = [
      letterId({ publishTime: { seconds: 999_999_999, nanos: 5 }, messageId: '9' }),
      letterId({ publishTime: { seconds: 1_795_405_464, nanos: 5 }, messageId: '9' }),
      letterId({ publishTime: { seconds: 1_795_405_464, nanos: 5 }, messageId: '10' }),
      letterId({ publishTime: { seconds: 1_795_405_464, nanos: 40 }, messageId: '1' }),
    ];
    expect(ids.toReversed().sort(compareIds)).toEqual(ids);
    expect(ids.every(isLetterId)).toBe(true);
    expect(isLetterId('17')).toBe(false);
  });
});
