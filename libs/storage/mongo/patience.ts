import { setTimeout as sleep } from 'node:timers/promises';
import { isPassing, translate } from './errors.ts';

/** How long what fails for a passing reason is tried again, in milliseconds; a try in hand is not cut short. */
const PATIENCE_MS = 5_000;
const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 500;

/**
 * Calls an action until it succeeds, for a while. It must have the same effect when it is called twice. Rejects with a
 * HubError; after a passing reason with StoreUnavailableError.
 */
export async function patiently<T>(action: () => Promise<T>): Promise<T> {
  const began = performance.now();
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    try {
      return await action();
    } catch (error) {
      if (!isPassing(error) || performance.now() - began > PATIENCE_MS) throw translate(error);
    }
    // At random, so that those who were in each other's way do not meet again.
    await sleep(Math.random() * waitMs);
  }
}
