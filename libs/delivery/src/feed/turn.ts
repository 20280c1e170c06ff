import { setImmediate as nextTurn } from 'node:timers/promises';

let last: Promise<void> = Promise.resolve();

/**
 * Resolves in a turn of the event loop that nobody else was given. Who has much to send asks for one between its frames:
 * so many catch up at once, and live frames wait for no more than one of theirs.
 */
export function turn(): Promise<void> {
  last = last.then(() => nextTurn());
  return last;
}
