import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BrokerUnavailableError } from '@hub/messaging';
import { pullStream, type Received } from './pull-stream.ts';

/** The client's end of a stream, whose other end is the test. */
class FakeStream extends Duplex {
  readonly written: object[] = [];
  isCancelled = false;

  constructor() {
    super({ objectMode: true });
  }

  override _read(): void {
    // The test pushes.
  }

  override _write(request: object, _encoding: string, done: () => void): void {
    this.written.push(request);
    done();
  }

  cancel(): void {
    this.isCancelled = true;
    this.destroy(Object.assign(new Error('cancelled'), { code: 1 }));
  }
}

describe('a stream of messages', () => {
  let stream: FakeStream;
  let ending: AbortController;
  let received: (string | null | undefined)[];
  let onReceived: (messages: readonly Received[]) => Promise<void>;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] });
    stream = new FakeStream();
    ending = new AbortController();
    received = [];
    onReceived = async (messages) => void received.push(...messages.map(({ ackId }) => ackId));
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const turns = () => new Promise((resolve) => setImmediate(resolve));
  const pulled = () =>
    pullStream({
      open: () => stream,
      subscription: 'projects/p/subscriptions/s',
      request: { does: 'consume', needs: 'a right' },
      outstanding: { maxMessages: 5, maxBytes: 1000 },
      onReceived: (messages) => onReceived(messages),
      signal: ending.signal,
    });

  it('is opened with bounds, read, and ended when the signal is aborted', async () => {
    const ended = pulled();
    await turns();
    expect(stream.written[0]).toMatchObject({
      subscription: 'projects/p/subscriptions/s',
      maxOutstandingMessages: 5,
      maxOutstandingBytes: 1000,
    });
    stream.push({ receivedMessages: [{ ackId: 'a' }, { ackId: 'b' }] });
    await turns();
    ending.abort();
    // What was on its way is received too, to be given back.
    stream.push({ receivedMessages: [{ ackId: 'c' }] });
    stream.push(null);
    await ended;
    expect(received).toEqual(['a', 'b', 'c']);
    expect(stream.writableEnded).toBe(true);
  });

  it('is cancelled if the other end does not end it', async () => {
    const ended = pulled();
    await turns();
    ending.abort();
    jest.advanceTimersByTime(2_000);
    await ended;
    expect(stream.isCancelled).toBe(true);
  });

  it('is not even opened after the end', async () => {
    ending.abort();
    await pulled();
    expect(stream.written).toEqual([]);
  });

  it('rejects with what broke it', async () => {
    const ended = pulled();
    await turns();
    stream.destroy(Object.assign(new Error('14 UNAVAILABLE'), { code: 14 }));
    await expect(ended).rejects.toBeInstanceOf(BrokerUnavailableError);
  });

  it('is given up when pings that were answered are answered no more', async () => {
    const ended = pulled();
    const outcome = Promise.allSettled([ended]);
    await turns();
    stream.push({ receivedMessages: [] });
    await turns();
    jest.advanceTimersByTime(31_000);
    await turns();
    expect(stream.written).toHaveLength(2);
    stream.push({ receivedMessages: [] });
    await turns();
    jest.advanceTimersByTime(29_000);
    expect(stream.destroyed).toBe(false);
    jest.advanceTimersByTime(16_000);
    expect(stream.destroyed).toBe(true);
    expect(await outcome).toEqual([{ status: 'rejected', reason: expect.any(BrokerUnavailableError) }]);
  });

  it('is kept where pings were never answered, or nobody reads', async () => {
    const ended = pulled();
    await turns();
    jest.advanceTimersByTime(120_000);
    expect(stream.destroyed).toBe(false);
    stream.push({ receivedMessages: [] });
    const go = Promise.withResolvers<void>();
    onReceived = () => go.promise;
    stream.push({ receivedMessages: [{ ackId: 'a' }] });
    await turns();
    jest.advanceTimersByTime(120_000);
    expect(stream.destroyed).toBe(false);
    go.resolve();
    ending.abort();
    stream.push(null);
    await ended;
  });
});
