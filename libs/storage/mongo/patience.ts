import pRetry from 'p-retry';
import { isPassing, translate } from './errors.ts';

/** How long what fails for a passing reason is tried again, in milliseconds; a try in hand is not cut short. */
const PATIENCE_MS = 5_000;

/**
 * Calls an action until it succeeds, for a while. It must have the same effect when it is called twice. Rejects with a
 * HubError; after a passing reason with StoreUnavailableError.
 */
export async function patiently<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await pRetry(action, {
      retries: Number.POSITIVE_INFINITY,
      maxRetryTime: PATIENCE_MS,
      minTimeout: 20,
      maxTimeout: 500,
      randomize: true,
      shouldRetry: ({ error }) => isPassing(error),
    });
  } catch (error) {
    throw translate(error);
  }
}
