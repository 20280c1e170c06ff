import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HubError } from '@hub/contracts';
import { backoffMs, isRetryable, pause, retrying } from './retry.ts';

const retryable = () => new HubError('broker_unavailable', 'away');
const FAST = { firstMs: 1, capMs: 2 };

describe('backoffMs', () => {
  it('doubles up to the cap', () => {
    const longest = [1, 2, 3, 4, 5, 50, 5000].map((failures) =>
      backoffMs(failures, { firstMs: 100, capMs: 900 }, () => 1),
    );
    expect(longest).toEqual([100, 200, 400, 800, 900, 900, 900]);
  });

  it('is anywhere between nothing and that', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const longest = backoffMs(failures, { firstMs: 10, capMs: 5000 }, () => 1);
        expect(backoffMs(failures, { firstMs: 10, capMs: 5000 }, () => random)).toBeCloseTo(longest * random);
      }),
    );
  });
});

describe('pause', () => {
  it('tells whether it was cut short', async () => {
    const ending = new AbortController();
    expect(await pause(1, ending.signal)).toBe(true);
    const long = pause(60_000, ending.signal);
    ending.abort();
    expect(await long).toBe(false);
    expect(await pause(0, ending.signal)).toBe(false);
  });
});

describe('isRetryable', () => {
  it.each([
    [new HubError('store_unavailable', ''), true],
    [new HubError('invalid_event', ''), false],
    [new Error('x'), false],
    [undefined, false],
  ])('of %s is %s', (error, expected) => expect(isRetryable(error)).toBe(expected));
});

describe('retrying', () => {
  it('goes on while it fails with retryable errors, and tells each', async () => {
    const told: number[] = [];
    const result = await retrying(
      async (failures) => {
        if (failures < 4) throw retryable();
        return failures;
      },
      { signal: new AbortController().signal, backoff: FAST, onRetry: (_, failures) => told.push(failures) },
    );
    expect(result).toBe(4);
    expect(told).toEqual([1, 2, 3, 4]);
  });

  it('ends at any other error', async () => {
    const told: unknown[] = [];
    const action = () => Promise.reject(new TypeError('x'));
    const { signal } = new AbortController();
    await expect(retrying(action, { signal, onRetry: (error) => told.push(error) })).rejects.toThrow(TypeError);
    expect(told).toEqual([]);
  });

  it('ends with the last error when it is aborted while it waits', async () => {
    const ending = new AbortController();
    const result = retrying(() => Promise.reject(retryable()), {
      signal: ending.signal,
      backoff: { firstMs: 60_000, capMs: 60_000 },
      onRetry: () => ending.abort(),
    });
    await expect(result).rejects.toMatchObject({ code: 'broker_unavailable' });
  });
});
