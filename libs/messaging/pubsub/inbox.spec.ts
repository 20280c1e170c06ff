import { describe, expect, it } from '@jest/globals';
import { Inbox, type Held } from './inbox.ts';
import { toDelivery } from './messages.ts';

const LIMITS = { maxMessages: 3, maxBytes: 100 };
const BOUNDS = { maxMessages: 6, maxBytes: 200 };
const { signal: never } = new AbortController();

const held = (...sizes: number[]): Held[] =>
  sizes.map((size, i) => ({
    ackId: `${i}`,
    delivery: toDelivery('t', { messageId: `${i}`, data: Buffer.alloc(size) }),
  }));
const ids = (batch: readonly Held[]) => batch.map(({ ackId }) => ackId);
const isPending = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => false), new Promise((resolve) => setImmediate(() => resolve(true)))]);

describe('Inbox', () => {
  it('gives batches within their limits, in order', async () => {
    const inbox = new Inbox(LIMITS, BOUNDS);
    inbox.push(held(10, 10, 10, 60, 60));
    expect(ids(await inbox.take(never))).toEqual(['0', '1', '2']);
    expect(ids(await inbox.take(never))).toEqual(['3']);
    expect(ids(await inbox.take(never))).toEqual(['4']);
  });

  it('gives a message that is larger than a batch alone', async () => {
    const inbox = new Inbox(LIMITS, BOUNDS);
    inbox.push(held(10, 500, 10));
    expect(ids(await inbox.take(never))).toEqual(['0']);
    expect(ids(await inbox.take(never))).toEqual(['1']);
    expect(ids(await inbox.take(never))).toEqual(['2']);
  });

  it('waits a little for more of a batch', async () => {
    const inbox = new Inbox(LIMITS, BOUNDS);
    const taken = inbox.take(never);
    const [first, second] = held(1, 1);
    inbox.push([first!]);
    expect(await isPending(taken)).toBe(true);
    inbox.push([second!]);
    expect(ids(await taken)).toEqual(['0', '1']);
  });

  it('has room again when a batch was taken', async () => {
    const inbox = new Inbox(LIMITS, BOUNDS);
    inbox.push(held(1, 1, 1, 1, 1, 1));
    const roomForNumber = inbox.hasRoom(never);
    expect(await isPending(roomForNumber)).toBe(true);
    await inbox.take(never);
    await roomForNumber;
    inbox.push(held(99, 99));
    const roomForBytes = inbox.hasRoom(never);
    expect(await isPending(roomForBytes)).toBe(true);
    await inbox.take(never);
    await inbox.take(never);
    await roomForBytes;
  });

  it('stops waiting when it is told to', async () => {
    const inbox = new Inbox(LIMITS, BOUNDS);
    const ending = new AbortController();
    const taken = inbox.take(ending.signal);
    ending.abort();
    expect(await taken).toEqual([]);
    inbox.push(held(300));
    await inbox.hasRoom(ending.signal);
    expect(await inbox.take(ending.signal)).toEqual([]);
  });
});
