import { backoff } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { isRefusal, ServerApiError } from './server-api.ts';

/** How often, and for how long, what a server cannot give at present is asked for again. Milliseconds. */
export interface Retry {
  base: number;
  cap: number;
  patience: number;
}

export interface Asking {
  clock: Clock;
  retry: Retry;
  signal: AbortSignal;
  /** Told of the first failure, if it is asked again. */
  onFailure?: (error: ServerApiError) => void;
}

/**
 * Asks again while that can help soon: a server that is overloaded or away comes back, one that refuses stays by it.
 * Rejects with the last ServerApiError, or at once with any other error.
 */
export async function askAgain<T>(ask: () => Promise<T>, { clock, retry, signal, onFailure }: Asking): Promise<T> {
  const deadline = clock.now() + retry.patience;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ServerApiError) || isRefusal(error)) throw error;
      if (signal.aborted || clock.now() > deadline) throw error;
      if (attempt === 1) onFailure?.(error);
      await clock.pause(backoff(attempt, retry), signal);
      if (signal.aborted) throw error;
    }
  }
}
