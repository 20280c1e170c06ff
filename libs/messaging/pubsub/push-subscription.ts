import {
  settle,
  type BatchHandler,
  type Delivery,
  type GroupOptions,
  type Observe,
  type SettleOptions,
  type Subscription,
} from '@hub/messaging';

/** Pub/Sub takes a push for failed after the subscription's ack deadline, which is 10 s unless told; retries end before. */
const RETRY_WITHIN_MS = 8_000;

export interface PushParts extends GroupOptions {
  /** projects/…/subscriptions/…: pushes of others are refused. */
  subscription: string;
  bury: SettleOptions['bury'];
  observe: Observe;
}

/** What a message came to: `later` means that Pub/Sub has to push it again. */
export type PushOutcome = 'settled' | 'later';

interface Consuming {
  handler: BatchHandler;
  signal: AbortSignal;
  fail: (error: unknown) => void;
}

/**
 * A subscription whose messages come by HTTP, each in a request of its own. They are handled at once, but those of a
 * key one after another, as Pub/Sub sends no other of the key before the answer.
 */
export class PushSubscription implements Subscription {
  private readonly closed = new AbortController();
  private readonly inHand = new Set<Promise<PushOutcome>>();
  private consuming: Consuming | undefined;
  private ended = Promise.resolve();

  constructor(private readonly parts: PushParts) {}

  get name(): string {
    return this.parts.subscription;
  }

  get topic(): string {
    return this.parts.topic;
  }

  /** While it runs, what is received is handled; before and after, Pub/Sub is told to come later. */
  async consume(handler: BatchHandler, options: { signal: AbortSignal }): Promise<void> {
    if (this.consuming !== undefined) throw new Error('this subscription is being consumed already');
    const signal = AbortSignal.any([options.signal, this.closed.signal]);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = () => resolve();
    this.consuming = { handler, signal, fail: reject };
    this.ended = promise.catch(() => undefined);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', end);
      this.consuming = undefined;
      await Promise.allSettled(this.inHand);
    }
  }

  /** Brings one message to its end. Rejects with what ends `consume` too. */
  async receive(delivery: Delivery): Promise<PushOutcome> {
    const { consuming } = this;
    if (consuming === undefined || consuming.signal.aborted) return 'later';
    const received = this.settle(delivery, consuming);
    this.inHand.add(received);
    try {
      return await received;
    } catch (error) {
      consuming.fail(error);
      throw error;
    } finally {
      this.inHand.delete(received);
    }
  }

  /** Those in hand: how many more wait, Pub/Sub tells nobody. */
  async lag(): Promise<number> {
    return this.inHand.size;
  }

  async close(): Promise<void> {
    this.closed.abort();
    await this.ended;
    await Promise.allSettled(this.inHand);
  }

  private async settle(delivery: Delivery, { handler, signal }: Consuming): Promise<PushOutcome> {
    const inTime = new AbortController();
    const end = () => inTime.abort();
    const timer = setTimeout(end, RETRY_WITHIN_MS);
    signal.addEventListener('abort', end);
    try {
      const settled = await settle([delivery], { ...this.parts, handler, signal: inTime.signal });
      return settled === 1 ? 'settled' : 'later';
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }
}
