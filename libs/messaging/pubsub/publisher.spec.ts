import { beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BrokerUnavailableError, type MessagingEvent } from '@hub/messaging';
import { MissingError } from './errors.ts';
import { MAX_REQUEST_BYTES, type Message } from './messages.ts';
import { PubSubPublisher } from './publisher.ts';

const envelope = (key: string, value: string | Buffer) => ({ key, value: Buffer.from(value), headers: { name: 'x' } });
const texts = (messages: readonly Message[]) => messages.map(({ data }) => Buffer.from(data as Buffer).toString());

interface Sent {
  messages: Message[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

describe('PubSubPublisher', () => {
  /** Requests that wait for an answer. */
  let sent: Sent[];
  let events: MessagingEvent[];
  let missing: number;
  let publisher: PubSubPublisher;

  beforeEach(() => {
    [sent, events, missing] = [[], [], 0];
    publisher = new PubSubPublisher({
      topic: 't',
      prepared: () => Promise.resolve(),
      onMissing: () => void (missing += 1),
      send: (messages) => {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        sent.push({ messages, resolve, reject });
        return promise;
      },
      observe: (event) => void events.push(event),
    });
  });

  const turns = () => new Promise((resolve) => setImmediate(resolve));
  const answer = async (with_: 'resolve' | Error = 'resolve') => {
    const request = sent.shift();
    if (with_ === 'resolve') request?.resolve();
    else request?.reject(with_);
    await turns();
    return texts(request?.messages ?? []);
  };

  it('sends the keys of a batch in requests of their own, at once, and resolves when all are stored', async () => {
    let isStored = false;
    const published = publisher
      .publish([envelope('a', 'a1'), envelope('b', 'b1'), envelope('a', 'a2')])
      .then(() => (isStored = true));
    await turns();
    expect(sent.map(({ messages }) => texts(messages))).toEqual([['a1', 'a2'], ['b1']]);
    expect(sent.map(({ messages }) => messages[0]?.orderingKey)).toEqual(['a', 'b']);
    await answer();
    expect(isStored).toBe(false);
    await answer();
    await published;
    expect(events).toEqual([expect.objectContaining({ kind: 'published', topic: 't', messages: 3, bytes: 6 })]);
  });

  it('sends one request of a key after another, the later ones together', async () => {
    const all = ['1', '2', '3'].map((text) => publisher.publish([envelope('a', text)]));
    await turns();
    expect(await answer()).toEqual(['1']);
    expect(await answer()).toEqual(['2', '3']);
    await Promise.all(all);
  });

  it('rejects with a failed request what waits behind it, and goes on with the key after that', async () => {
    const away = new BrokerUnavailableError('away');
    const [first, second, other] = [
      publisher.publish([envelope('a', 'a1')]),
      publisher.publish([envelope('a', 'a2')]),
      publisher.publish([envelope('b', 'b1')]),
    ];
    const outcomes = Promise.allSettled([first, second, other]);
    await turns();
    await answer(away);
    await answer();
    expect(await outcomes).toEqual([
      { status: 'rejected', reason: away },
      { status: 'rejected', reason: away },
      { status: 'fulfilled', value: undefined },
    ]);
    const again = publisher.publish([envelope('a', 'a1')]);
    await turns();
    expect(await answer()).toEqual(['a1']);
    await again;
  });

  it('tells of a topic that is gone', async () => {
    const published = publisher.publish([envelope('a', 'a1')]);
    await turns();
    sent[0]?.reject(new MissingError('gone'));
    await expect(published).rejects.toBeInstanceOf(BrokerUnavailableError);
    expect(missing).toBe(1);
  });

  it('splits what is too much for one request, and refuses what is too much for any', async () => {
    const half = Buffer.alloc(MAX_REQUEST_BYTES * 0.6);
    const published = publisher.publish([envelope('a', half), envelope('a', half)]);
    await turns();
    expect(sent.map(({ messages }) => messages.length)).toEqual([1]);
    await answer();
    await answer();
    await published;
    await expect(publisher.publish([envelope('a', Buffer.alloc(MAX_REQUEST_BYTES))])).rejects.toMatchObject({
      code: 'payload_too_large',
    });
  });

  it('has a bounded number of requests under way', async () => {
    const published = publisher.publish(Array.from({ length: 250 }, (_, i) => envelope(`k${i}`, 'x')));
    await turns();
    expect(sent).toHaveLength(100);
    while (sent.length > 0) await answer();
    await published;
  });

  it('closes when all that was accepted has its answer', async () => {
    const published = publisher.publish([envelope('a', 'a1'), envelope('b', 'b1')]);
    let isClosed = false;
    const closed = publisher.close().then(() => (isClosed = true));
    await expect(publisher.publish([envelope('c', 'c1')])).rejects.toMatchObject({ code: 'shutting_down' });
    await turns();
    await answer();
    expect(isClosed).toBe(false);
    await answer();
    await closed;
    await published;
  });

  it('keeps the order of each key, whatever fails and whoever sends again', async () => {
    const calls = fc.array(fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(calls, fc.infiniteStream(fc.integer({ min: 0, max: 3 })), async (keysOfCalls, dice) => {
        const stored: string[] = [];
        const rolled = () => Number(dice.next().value) === 0;
        const one = new PubSubPublisher({
          topic: 't',
          prepared: () => Promise.resolve(),
          onMissing: () => undefined,
          async send(messages) {
            await turns();
            if (rolled()) throw new BrokerUnavailableError('away');
            stored.push(...messages.map(({ orderingKey }, i) => `${orderingKey}${texts(messages)[i]}`));
          },
          observe: () => undefined,
        });
        // As one caller does: the next call after the one before, each until it succeeds.
        for (const [call, keys] of keysOfCalls.entries()) {
          const batch = keys.map((key, i) => envelope(key, String(call * 10 + i)));
          for (let isStored = false; !isStored;) {
            isStored = await one.publish(batch).then(
              () => true,
              () => false,
            );
          }
        }
        await one.close();
        for (const key of ['a', 'b', 'c']) {
          const numbers = stored.filter((text) => text.startsWith(key)).map((text) => Number(text.slice(1)));
          // First appearances rise; repetitions are of what was sent again.
          const firsts = numbers.filter((number, i) => numbers.indexOf(number) === i);
          expect(firsts).toEqual([...firsts].sort((x, y) => x - y));
        }
        expect(new Set(stored).size).toBe(keysOfCalls.flat().length);
      }),
      { numRuns: 50 },
    );
  });
});
