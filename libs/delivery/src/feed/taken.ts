import type { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { SlowClientError } from './slow-client.error.ts';

/**
 * Waits until a connection has taken what `send` gives it: `send` says so itself, or the connection emits `drain` or
 * `close`. Rejects with SlowClientError after `timeoutMs`.
 */
export async function taken(connection: EventEmitter, timeoutMs: number, send: () => boolean): Promise<void> {
  const settled = Promise.withResolvers<boolean>();
  let isSettled = false;
  const settle = () => {
    isSettled = true;
    settled.resolve(true);
  };
  connection.once('drain', settle).once('close', settle);
  const timer = new AbortController();
  try {
    if (send() || isSettled) return;
    const timeout = delay(timeoutMs, false, { signal: timer.signal }).catch(() => true);
    if (!(await Promise.race([settled.promise, timeout]))) throw new SlowClientError();
  } finally {
    timer.abort();
    connection.off('drain', settle).off('close', settle);
  }
}
