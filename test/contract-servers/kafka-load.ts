import { expect } from '@jest/globals';
import { retrying, type Delivery, type Publisher } from '@hub/messaging';

const KEYS = 24;

/** Messages that were published while something happened: each key's are numbered from 0. */
export interface Load {
  /** How many of each key were acknowledged. */
  acknowledged(): number;
  /** How many publish calls had to be made again: what they held may be there twice. */
  repeated(): number;
  /** Ends after the batch under way. */
  stop(): Promise<void>;
}

/** Publishes one message of each key at a time, again and again until it is acknowledged. */
export function startLoad(publisher: Publisher): Load {
  let acknowledged = 0;
  let repeated = 0;
  const ending = new AbortController();
  const { signal } = new AbortController();
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const batch = Array.from({ length: KEYS }, (_, key) => ({
        key: `k${key}`,
        value: Buffer.from(String(acknowledged)),
        headers: {},
      }));
      await retrying(() => publisher.publish(batch), { signal, onRetry: () => (repeated += 1) });
      acknowledged += 1;
      // Consumers shall keep up.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const running = run();
  return {
    acknowledged: () => acknowledged,
    repeated: () => repeated,
    async stop() {
      ending.abort();
      await running;
    },
  };
}

/** Whether all that was acknowledged was handled. */
export function caughtUp(handled: readonly Delivery[], load: Load): boolean {
  const total = load.acknowledged() * KEYS;
  return handled.length >= total && distinct(handled) >= total;
}

/** How many distinct messages there are. */
export function distinct(handled: readonly Delivery[]): number {
  return new Set(handled.map(label)).size;
}

/** How many came again from the same place in the topic. */
export function redelivered(handled: readonly Delivery[]): number {
  return handled.length - new Set(handled.map(({ origin }) => origin)).size;
}

/** That nothing which was acknowledged is missing. */
export function expectAll(handled: readonly Delivery[], load: Load): void {
  const seen = new Set(handled.map(label));
  const wanted = Array.from({ length: KEYS }, (_, key) =>
    Array.from({ length: load.acknowledged() }, (_, n) => `k${key} ${n}`),
  ).flat();
  expect(wanted.filter((one) => !seen.has(one))).toEqual([]);
  expect(wanted.length).toBeGreaterThan(0);
}

/** That each key's messages were first seen in the order in which they were published. */
export function expectOrder(handled: readonly Delivery[]): void {
  const next = new Map<string, number>();
  const early = handled.filter(({ key, value }) => {
    const n = Number(Buffer.from(value).toString());
    const expected = next.get(key) ?? 0;
    next.set(key, Math.max(expected, n + 1));
    return n > expected;
  });
  expect(early.map(label)).toEqual([]);
}

function label({ key, value }: Delivery): string {
  return `${key} ${Buffer.from(value).toString()}`;
}
