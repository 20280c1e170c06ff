import { HubError, type ErrorCode } from '@hub/contracts';
import type { Envelope } from '@hub/contracts/proto';
import { toDeadLetter } from './dead-letter.ts';
import type { Observe } from './events.ts';
import type { BatchHandler, Delivery, Rejection } from './messaging.ts';
import { backoffMs, DEFAULT_BACKOFF, isRetryable, pause, retrying } from './retry.ts';
import type { GroupOptions } from './subscription-options.ts';

/** Why a message whose handler failed again and again became a dead letter. */
export const HANDLER_FAILED = 'handler_failed';

/** Our own damage or settings: the next message would meet it too. */
const FATAL: ReadonlySet<ErrorCode> = new Set([
  'data_corrupt',
  'data_version',
  'invalid_config',
  'unauthorized',
  'forbidden',
]);

export interface SettleOptions extends GroupOptions {
  handler: BatchHandler;
  /** Resolves when the dead letters are durable on the dead-letter topic. */
  bury: (letters: readonly Envelope[]) => Promise<void>;
  /** Ends the waiting and the retries; a handler that runs is still awaited. */
  signal: AbortSignal;
  observe?: Observe;
}

const DEFAULT_MAX_ATTEMPTS = 5;

/**
 * Brings every message of a batch to its end: handled, or durable as a dead letter. The messages must stand in an order
 * that holds for each key; batches that share no key may be settled at once.
 *
 * Resolves with how many messages, from the first on, are settled: all, or fewer if the signal was aborted. Rejects on
 * what no retry mends; then nothing after what was committed before counts as consumed.
 */
export async function settle(batch: readonly Delivery[], options: SettleOptions): Promise<number> {
  if (batch.length === 0) return 0;
  const together = await attempt(batch, 0, options);
  if (together.outcome !== 'failed') return together.outcome === 'settled' ? batch.length : 0;
  const [only] = batch.length === 1 ? batch : [];
  if (only !== undefined) return (await settleAlone(only, together, 1, options)) ? 1 : 0;
  reportRetry(options, together.error, 1, 0);
  for (const [index, delivery] of batch.entries()) {
    if (!(await settleAlone(delivery, together, 0, options))) return index;
  }
  return batch.length;
}

/** By an error that no retry mends; `failures` counts all of this message or batch. */
interface Failed {
  outcome: 'failed';
  error: unknown;
  failures: number;
}

type Attempted = { outcome: 'settled' } | { outcome: 'aborted' } | Failed;

/**
 * One message by itself, which failed before: `timesAlone` times not together with others. False if the signal was
 * aborted before it came to its end.
 */
async function settleAlone(delivery: Delivery, before: Failed, timesAlone: number, options: SettleOptions) {
  const { maxAttempts = DEFAULT_MAX_ATTEMPTS, backoff = DEFAULT_BACKOFF, signal } = options;
  let { error, failures } = before;
  for (let alone = timesAlone; alone < maxAttempts; alone++) {
    if (alone > 0) {
      const delayMs = backoffMs(alone, backoff);
      reportRetry(options, error, failures, delayMs);
      if (!(await pause(delayMs, signal))) return false;
    }
    const attempted = await attempt([delivery], failures, options);
    if (attempted.outcome !== 'failed') return attempted.outcome === 'settled';
    ({ error, failures } = attempted);
  }
  return bury([{ delivery, reason: HANDLER_FAILED, detail: describe(error) }], options);
}

/** Hands the messages to the handler until it takes them or fails by an error that no retry mends. */
async function attempt(
  deliveries: readonly Delivery[],
  failuresBefore: number,
  options: SettleOptions,
): Promise<Attempted> {
  const { signal } = options;
  let failures = failuresBefore;
  let rejections: readonly Rejection[];
  try {
    if (signal.aborted) return { outcome: 'aborted' };
    rejections = await retrying((retries) => {
      failures = failuresBefore + retries;
      return handle(deliveries, failures + 1, options);
    }, retryOptions(options));
  } catch (error) {
    if (error instanceof HubError && FATAL.has(error.code)) throw error;
    if (isRetryable(error)) return { outcome: 'aborted' };
    return { outcome: 'failed', error, failures: failures + 1 };
  }
  return { outcome: (await bury(rejections, options)) ? 'settled' : 'aborted' };
}

async function handle(
  deliveries: readonly Delivery[],
  attemptNumber: number,
  { handler, observe, topic, group }: SettleOptions,
): Promise<readonly Rejection[]> {
  const started = performance.now();
  const rejections = await handler(
    attemptNumber === 1 ? deliveries : deliveries.map((delivery) => ({ ...delivery, attempt: attemptNumber })),
  );
  const seconds = (performance.now() - started) / 1000;
  const bytes = deliveries.reduce((sum, { value }) => sum + value.byteLength, 0);
  observe?.({ kind: 'handled', topic, group, messages: deliveries.length, bytes, seconds });
  return rejections;
}

/** False if the signal was aborted before the dead letters were durable. */
async function bury(rejections: readonly Rejection[], options: SettleOptions): Promise<boolean> {
  if (rejections.length === 0) return true;
  const { topic, group, observe } = options;
  const failedAt = new Date();
  const letters = rejections.map((rejection) => toDeadLetter(rejection, failedAt));
  try {
    await retrying(() => options.bury(letters), retryOptions(options));
  } catch (error) {
    if (isRetryable(error)) return false;
    throw error;
  }
  for (const { delivery, reason, detail } of rejections) {
    observe?.({ kind: 'dead_lettered', topic, group, reason, detail, origin: delivery.origin });
  }
  return true;
}

function retryOptions(options: SettleOptions) {
  return {
    signal: options.signal,
    backoff: options.backoff ?? DEFAULT_BACKOFF,
    onRetry: (error: unknown, failures: number, delayMs: number) => reportRetry(options, error, failures, delayMs),
  };
}

function reportRetry({ observe, topic, group }: SettleOptions, error: unknown, failures: number, delayMs: number) {
  observe?.({ kind: 'retried', topic, group, error, failures, delaySeconds: delayMs / 1000 });
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
