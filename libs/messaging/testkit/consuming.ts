import type { BatchHandler, Delivery, Subscription } from '@hub/messaging';

/** A running `consume`, and what was handled. */
export interface Consuming {
  /** Deliveries of batches whose handler resolved, in order. */
  readonly handled: readonly Delivery[];
  /** All batches that the handler was called with. */
  readonly batches: readonly (readonly Delivery[])[];
  /** Resolves when the condition holds; rejects if consuming ends by an error before. */
  until(condition: () => boolean): Promise<void>;
  /** Settles with `consume`. */
  readonly done: Promise<void>;
  /** Aborts and waits for the end. */
  stop(): Promise<void>;
}

/** Consumes, and keeps what came. */
export function consuming(subscription: Subscription, handler: BatchHandler = () => Promise.resolve([])): Consuming {
  const handled: Delivery[] = [];
  const batches: (readonly Delivery[])[] = [];
  const ending = new AbortController();
  let changed = Promise.withResolvers<void>();
  const tell = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const done = subscription.consume(
    async (batch) => {
      batches.push(batch);
      tell();
      const rejections = await handler(batch);
      handled.push(...batch);
      tell();
      return rejections;
    },
    { signal: ending.signal },
  );
  // Whoever awaits `until` or `done` gets the error.
  done.catch(() => undefined);
  return {
    handled,
    batches,
    done,
    async until(condition) {
      while (!condition()) {
        const ended = done.then(() => {
          if (!condition()) throw new Error('consuming ended before the condition held');
        });
        await Promise.race([changed.promise, ended]);
      }
    },
    async stop() {
      ending.abort();
      await done;
    },
  };
}

/** The keys, in order. */
export function keys(deliveries: readonly { key: string }[]): string[] {
  return deliveries.map(({ key }) => key);
}
