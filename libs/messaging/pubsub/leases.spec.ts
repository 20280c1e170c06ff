import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BrokerUnavailableError, type Backoff } from '@hub/messaging';
import { calling } from './errors.ts';
import type { Held } from './inbox.ts';
import { Leases } from './leases.ts';
import { toDelivery } from './messages.ts';
import { LEASE_SECONDS } from './resources.ts';

const FAST: Backoff = { firstMs: 1, capMs: 2 };
const REQUEST = { does: 'consume', needs: 'a right' };

const held = (...ackIds: string[]): Held[] =>
  ackIds.map((ackId) => ({ ackId, delivery: toDelivery('t', { messageId: ackId, data: Buffer.from(ackId) }) }));

/** As the service answers where single acknowledgements failed. */
const partly = (failures: Record<string, string>) =>
  calling(REQUEST, () => Promise.reject(Object.assign(new Error('some'), { code: 9, errorInfoMetadata: failures })));

describe('leases', () => {
  let acknowledged: string[][];
  let modified: [ackIds: string[], seconds: number][];
  let answers: (() => Promise<unknown>)[];
  let retries: unknown[];
  let leases: Leases;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setTimeout', 'performance', 'nextTick', 'queueMicrotask'] });
    [acknowledged, modified, answers, retries] = [[], [], [], []];
    leases = new Leases({
      async acknowledge(ackIds) {
        acknowledged.push(ackIds);
        await answers.shift()?.();
      },
      async modify(ackIds, seconds) {
        modified.push([ackIds, seconds]);
        await answers.shift()?.();
      },
      backoff: FAST,
      onRetry: (error) => void retries.push(error),
    });
  });

  afterEach(async () => {
    await leases.giveBack();
    jest.useRealTimers();
  });

  const { signal } = new AbortController();

  it('are extended in good time, as long as they are held', async () => {
    const [a, b] = held('a', 'b');
    leases.add([a!, b!]);
    jest.advanceTimersByTime((LEASE_SECONDS * 1000) / 2);
    expect(modified).toContainEqual([['a', 'b'], LEASE_SECONDS]);
    await leases.acknowledge([a!], signal);
    modified.length = 0;
    jest.advanceTimersByTime((LEASE_SECONDS * 1000) / 2);
    expect(new Set(modified.flatMap(([ids]) => ids))).toEqual(new Set(['b']));
    expect(leases.size).toBe(1);
  });

  it('end by giving back what is held, at once', async () => {
    const [a, ...others] = held('a', 'b', 'c');
    leases.add([a!, ...others]);
    await leases.acknowledge([a!], signal);
    await leases.giveBack();
    expect(modified).toEqual([[['b', 'c'], 0]]);
    expect(leases.size).toBe(0);
    jest.advanceTimersByTime(LEASE_SECONDS * 1000);
    expect(modified).toHaveLength(1);
  });

  it('are acknowledged in requests that Pub/Sub takes', async () => {
    const many = held(...Array.from({ length: 2_500 }, (_, i) => String(i)));
    leases.add(many);
    await leases.acknowledge(many, signal);
    expect(acknowledged.map((ids) => ids.length)).toEqual([1_000, 1_000, 500]);
    expect(acknowledged.flat()).toEqual(many.map(({ ackId }) => ackId));
    expect(leases.size).toBe(0);
  });

  it('are held on to while the acknowledgement fails, until it succeeds', async () => {
    const away = () => Promise.reject(new BrokerUnavailableError('away'));
    answers.push(away, away);
    const one = held('a');
    leases.add(one);
    await leases.acknowledge(one, signal);
    expect(acknowledged).toEqual([['a'], ['a'], ['a']]);
    expect(retries).toHaveLength(2);
  });

  it('with exactly-once delivery: tries again those that failed for now, and lets go of those that come again', async () => {
    answers.push(() =>
      partly({ a: 'TRANSIENT_FAILURE_INTERNAL', b: 'PERMANENT_FAILURE_INVALID_ACK_ID', unrelated: 'word' }),
    );
    const three = held('a', 'b', 'c');
    leases.add(three);
    await leases.acknowledge(three, signal);
    expect(acknowledged).toEqual([['a', 'b', 'c'], ['a']]);
    expect(leases.size).toBe(0);
  });

  it('that cannot be extended are told of, but not those that are lost already', async () => {
    leases.add(held('a'));
    answers.push(
      () => partly({ a: 'PERMANENT_FAILURE_INVALID_ACK_ID' }),
      () => Promise.reject(new BrokerUnavailableError('away')),
    );
    jest.advanceTimersByTime((LEASE_SECONDS * 1000) / 2);
    await new Promise((resolve) => setTimeout(resolve));
    expect(modified.length).toBeGreaterThanOrEqual(2);
    expect(retries).toEqual([expect.any(BrokerUnavailableError)]);
  });
});
