import { setTimeout as sleep } from 'node:timers/promises';
import { HubError } from '@hub/contracts';

export interface Backoff {
  /** The longest wait after the first failure; it doubles with each further one. */
  firstMs: number;
  /** The longest wait at all. */
  capMs: number;
}

export const DEFAULT_BACKOFF: Backoff = { firstMs: 100, capMs: 10_000 };

/**
 * Capped exponential back-off with full jitter, so that many who failed together do not come back together.
 * @param failures how often in a row it failed: 1 or more
 */
export function backoffMs(failures: number, { firstMs, capMs }: Backoff, random: () => number = Math.random): number {
  return random() * Math.min(capMs, firstMs * 2 ** (failures - 1));
}

/** Waits; true unless the signal was aborted before or meanwhile. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

export function isRetryable(error: unknown): boolean {
  return error instanceof HubError && error.retryable;
}

export interface RetryOptions {
  signal: AbortSignal;
  backoff?: Backoff;
  /** Before each wait. */
  onRetry: (error: unknown, failures: number, delayMs: number) => void;
}

/**
 * Calls `action` until it succeeds, for ever while it fails with retryable HubErrors. Rejects with any other error, and
 * with the last one when the signal is aborted.
 * @param action is told how often it failed before
 */
export async function retrying<T>(
  action: (failures: number) => Promise<T>,
  { signal, backoff = DEFAULT_BACKOFF, onRetry }: RetryOptions,
): Promise<T> {
  for (let failures = 0; ;) {
    try {
      return await action(failures);
    } catch (error) {
      if (!isRetryable(error) || signal.aborted) throw error;
      failures += 1;
      const delayMs = backoffMs(failures, backoff);
      onRetry(error, failures, delayMs);
      if (!(await pause(delayMs, signal))) throw error;
    }
  }
}
