import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HubError } from '@hub/contracts';
import type { Envelope } from '@hub/contracts/proto';
import type { MessagingEvent } from './events.ts';
import type { Delivery, Rejection } from './messaging.ts';
import { HANDLER_FAILED, settle, type SettleOptions } from './settle.ts';

const FAST = { firstMs: 0, capMs: 0 };

function delivery(sequence: number): Delivery {
  const key = `k${sequence}`;
  return {
    key,
    value: Buffer.from(key),
    headers: {},
    origin: `t/0@${sequence}`,
    sequence,
    publishedAt: new Date(0),
    attempt: 1,
  };
}

const batchOf = (size: number) => Array.from({ length: size }, (_, i) => delivery(i));
const unavailable = () => new HubError('store_unavailable', 'away');

/** Settles, and keeps what happened. */
function run(
  batch: readonly Delivery[],
  /** `nth`: which call this is, from 1 on. */
  handler: (batch: readonly Delivery[], nth: number) => Promise<readonly Rejection[]>,
  options: Partial<SettleOptions> = {},
) {
  const calls: (readonly Delivery[])[] = [];
  const handled: string[] = [];
  const buried: Envelope[] = [];
  const events: MessagingEvent[] = [];
  const result = settle(batch, {
    topic: 't',
    group: 'g',
    handler: async (deliveries) => {
      calls.push(deliveries);
      const rejections = await handler(deliveries, calls.length);
      handled.push(...deliveries.map(({ key }) => key));
      return rejections;
    },
    bury: async (letters) => void buried.push(...letters),
    signal: new AbortController().signal,
    backoff: FAST,
    observe: (event) => events.push(event),
    ...options,
  });
  return {
    result,
    calls,
    handled,
    buried,
    events,
    shape: () => calls.map((call) => call.map(({ sequence }) => sequence)),
  };
}

describe('settle', () => {
  it('hands over a batch once when all goes well, and nothing of an empty one', async () => {
    const { result, calls, buried, events } = run(batchOf(3), async () => []);
    expect(await result).toBe(3);
    expect(calls).toEqual([batchOf(3)]);
    expect(buried).toEqual([]);
    expect(events).toMatchObject([{ kind: 'handled', topic: 't', group: 'g', messages: 3, bytes: 6 }]);
    expect(await run([], () => Promise.reject(new Error('never'))).result).toBe(0);
  });

  it('redelivers all of a batch for ever on retryable errors, and counts attempts', async () => {
    const { result, calls, shape, events } = run(
      batchOf(2),
      async (_, nth) => {
        if (nth <= 30) throw unavailable();
        return [];
      },
      { maxAttempts: 2 },
    );
    expect(await result).toBe(2);
    expect(shape()).toEqual(Array.from({ length: 31 }, () => [0, 1]));
    expect(calls.map((call) => call[1]?.attempt)).toEqual(Array.from({ length: 31 }, (_, i) => i + 1));
    expect(events.filter(({ kind }) => kind === 'retried')).toHaveLength(30);
  });

  it('goes one by one after any other error, in order, and buries what fails alone so often', async () => {
    const { result, shape, calls, handled, buried, events } = run(
      batchOf(4),
      async (batch) => {
        if (batch.some(({ sequence }) => sequence === 1)) throw new TypeError('bad one');
        return [];
      },
      { maxAttempts: 3 },
    );
    expect(await result).toBe(4);
    expect(shape()).toEqual([[0, 1, 2, 3], [0], [1], [1], [1], [2], [3]]);
    expect(calls.map((call) => call[0]?.attempt)).toEqual([1, 2, 2, 3, 4, 2, 2]);
    expect(handled).toEqual(['k0', 'k2', 'k3']);
    expect(buried).toMatchObject([
      { key: 'k1', headers: { dlq_reason: HANDLER_FAILED, dlq_detail: 'TypeError: bad one', dlq_origin: 't/0@1' } },
    ]);
    expect(events.filter(({ kind }) => kind === 'dead_lettered')).toMatchObject([
      { origin: 't/0@1', reason: HANDLER_FAILED },
    ]);
  });

  it('counts a batch of one as alone from the start', async () => {
    const { result, shape, buried } = run(batchOf(1), () => Promise.reject(new Error('x')), { maxAttempts: 3 });
    expect(await result).toBe(1);
    expect(shape()).toEqual([[0], [0], [0]]);
    expect(buried).toHaveLength(1);
  });

  it('does not count retryable errors towards the attempts that make a dead letter', async () => {
    const { result, calls, buried } = run(
      batchOf(1),
      async (_, nth) => {
        if (nth % 3 === 0) throw new Error('bad');
        throw unavailable();
      },
      { maxAttempts: 2 },
    );
    expect(await result).toBe(1);
    expect(calls).toHaveLength(6);
    expect(buried).toHaveLength(1);
  });

  it('has rejections durable before the batch is settled, however often that fails', async () => {
    let tries = 0;
    const stored: Envelope[] = [];
    const { result } = run(batchOf(3), async ([, second]) => [{ delivery: second!, reason: 'r', detail: 'd' }], {
      bury: async (letters) => {
        tries += 1;
        if (tries < 4) throw new HubError('storage_full', 'full');
        stored.push(...letters);
      },
    });
    expect(await result).toBe(3);
    expect(stored).toMatchObject([{ key: 'k1', headers: { dlq_reason: 'r', dlq_detail: 'd' } }]);
  });

  it('rejects when dead letters cannot be stored for good', async () => {
    const { result } = run(batchOf(1), async ([first]) => [{ delivery: first!, reason: 'r', detail: '' }], {
      bury: () => Promise.reject(new HubError('payload_too_large', 'x')),
    });
    await expect(result).rejects.toMatchObject({ code: 'payload_too_large' });
  });

  it.each(['data_corrupt', 'data_version', 'invalid_config', 'unauthorized', 'forbidden'] as const)(
    'rejects on %s without burying anything, also in the middle of a batch',
    async (code) => {
      const { result, buried, shape } = run(batchOf(3), async (batch) => {
        if (batch.length > 1) throw new Error('x');
        if (batch[0]?.sequence === 1) throw new HubError(code, 'ours');
        return [];
      });
      await expect(result).rejects.toMatchObject({ code });
      expect(buried).toEqual([]);
      expect(shape()).toEqual([[0, 1, 2], [0], [1]]);
    },
  );

  it('settles nothing when aborted before or while it waits', async () => {
    const before = run(batchOf(2), async () => [], { signal: AbortSignal.abort() });
    expect(await before.result).toBe(0);
    expect(before.calls).toEqual([]);
    const ending = new AbortController();
    const waiting = run(batchOf(2), () => Promise.reject(unavailable()), {
      signal: ending.signal,
      backoff: { firstMs: 60_000, capMs: 60_000 },
      observe: () => ending.abort(),
    });
    expect(await waiting.result).toBe(0);
    expect(waiting.calls).toHaveLength(1);
  });

  it('buries nothing that would have been retried, had it not been aborted', async () => {
    const ending = new AbortController();
    const { result, buried } = run(batchOf(1), () => Promise.reject(unavailable()), {
      signal: ending.signal,
      observe: () => ending.abort(),
      maxAttempts: 1,
    });
    expect(await result).toBe(0);
    expect(buried).toEqual([]);
  });

  it('settles a batch whose handler runs when it is aborted', async () => {
    const ending = new AbortController();
    const { result } = run(
      batchOf(2),
      async () => {
        ending.abort();
        return [];
      },
      { signal: ending.signal },
    );
    expect(await result).toBe(2);
  });

  it('tells the settled prefix when aborted among single deliveries', async () => {
    const ending = new AbortController();
    const { result, handled } = run(
      batchOf(5),
      async (batch) => {
        if (batch.length > 1) throw new Error('x');
        if (batch[0]?.sequence === 2) ending.abort();
        return [];
      },
      { signal: ending.signal },
    );
    expect(await result).toBe(3);
    expect(handled).toEqual(['k0', 'k1', 'k2']);
  });

  it('brings every message to exactly one end, in order, whatever fails', async () => {
    const fate = fc.constantFrom('fine', 'poison', 'rejected', 'flaky');
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 12 }), async (fates) => {
        const seen = new Map<number, number>();
        const { result, handled, buried } = run(batchOf(fates.length), async (batch) => {
          for (const { sequence } of batch) seen.set(sequence, (seen.get(sequence) ?? 0) + 1);
          const of = (wanted: string) => batch.filter(({ sequence }) => fates[sequence] === wanted);
          if (of('flaky').some(({ sequence }) => (seen.get(sequence) ?? 0) < 3)) throw unavailable();
          if (of('poison').length > 0) throw new Error('poison');
          return of('rejected').map((delivery) => ({ delivery, reason: 'r', detail: '' }));
        });
        expect(await result).toBe(fates.length);
        const sequences = fates.map((_, i) => i);
        expect(handled).toEqual(sequences.filter((i) => fates[i] !== 'poison').map((i) => `k${i}`));
        const lost = sequences.filter((i) => fates[i] === 'poison' || fates[i] === 'rejected');
        expect(buried.map(({ key }) => key)).toEqual(lost.map((i) => `k${i}`));
      }),
      { numRuns: 50 },
    );
  });
});
