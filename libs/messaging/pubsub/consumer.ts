import {
  backoffMs,
  BrokerUnavailableError,
  DEFAULT_BACKOFF,
  isRetryable,
  pause,
  settle,
  type BatchHandler,
  type BatchLimits,
  type ConsumerOptions,
  type SettleOptions,
  type Subscription,
} from '@hub/messaging';
import { CALL, type Clients } from './clients.ts';
import { calling, MissingError } from './errors.ts';
import { Inbox, type Held } from './inbox.ts';
import { Leases } from './leases.ts';
import { toDelivery } from './messages.ts';
import { subscriptionId } from './names.ts';
import { pullStream, type Received } from './pull-stream.ts';

/** Batches of the handler that this process holds at most: one in hand, and others that wait. */
const HELD_BATCHES = 3;
/** A stream that lasted so long was no failure from the start: Pub/Sub ends them after a while. */
const HEALTHY_MS = 10_000;

/** What a consumer needs of its broker. */
export interface ConsumerParts {
  subscriber: Clients['subscriber'];
  /** projects/…/subscriptions/… */
  subscription: string;
  /** Resolves when topic, subscription and the place for dead letters are there. */
  prepared: () => Promise<void>;
  /** Resolves when Pub/Sub has answered a question. */
  reached: () => Promise<void>;
  /** Something of that is gone. */
  onMissing: () => void;
  bury: SettleOptions['bury'];
}

/** A member of a group: one stream after another fills its inbox, and batch after batch is handled and acknowledged. */
export class PubSubConsumer implements Subscription {
  private readonly closed = new AbortController();
  private running: Promise<void> | undefined;
  private leases: Leases | undefined;

  constructor(
    private readonly options: ConsumerOptions,
    private readonly parts: ConsumerParts,
  ) {}

  async consume(handler: BatchHandler, { signal }: { signal: AbortSignal }): Promise<void> {
    if (this.running !== undefined) throw new Error('this subscription is being consumed already');
    this.running = this.run(handler, AbortSignal.any([signal, this.closed.signal]));
    try {
      await this.running;
    } finally {
      this.running = undefined;
    }
  }

  /** Those that Pub/Sub has given to this process: it tells nobody how many more wait. */
  async lag(): Promise<number> {
    await this.parts.reached();
    return this.leases?.size ?? 0;
  }

  async close(): Promise<void> {
    this.closed.abort();
    await Promise.allSettled([this.running]);
  }

  private async run(handler: BatchHandler, signal: AbortSignal): Promise<void> {
    const { maxMessages, maxBytes } = this.options;
    const bounds = { maxMessages: HELD_BATCHES * maxMessages, maxBytes: HELD_BATCHES * maxBytes };
    const inbox = new Inbox(this.options, bounds);
    const leases = this.newLeases();
    this.leases = leases;
    const failed = new AbortController();
    const until = AbortSignal.any([signal, failed.signal]);
    const ended = (error: unknown) => failed.abort(error);
    try {
      await Promise.all([
        this.receive(inbox, leases, bounds, until).catch(ended),
        this.handle(handler, inbox, leases, until, ended).catch(ended),
      ]);
    } finally {
      await leases.giveBack();
    }
    const { aborted, reason } = failed.signal;
    // A failure that a retry would mend, but the end was asked for.
    if (aborted && !(signal.aborted && isRetryable(reason))) throw reason;
  }

  private async receive(inbox: Inbox, leases: Leases, outstanding: BatchLimits, signal: AbortSignal): Promise<void> {
    const { subscriber, subscription, prepared } = this.parts;
    const onReceived = async (received: readonly Received[]) => {
      const held = received.flatMap((one) => this.toHeld(one));
      leases.add(held);
      inbox.push(held);
      await inbox.hasRoom(signal);
    };
    const headers = { 'x-goog-request-params': `subscription=${encodeURIComponent(subscription)}` };
    const open = () => subscriber.streamingPull({ otherArgs: { headers } });
    const stream = { open, subscription, request: this.request, outstanding, onReceived, signal };
    for (let failures = 0; !signal.aborted;) {
      let opened = Infinity;
      try {
        await prepared();
        opened = performance.now();
        this.options.observe({ kind: 'joined', topic: this.options.topic, group: this.options.group });
        await pullStream(stream);
        if (!signal.aborted) throw new BrokerUnavailableError('Pub/Sub has ended the stream');
      } catch (error) {
        if (!isRetryable(error)) throw error;
        if (error instanceof MissingError) this.parts.onMissing();
        failures = performance.now() - opened > HEALTHY_MS ? 0 : failures + 1;
        // One that lasted is opened again at once, and no word said.
        if (failures > 0) await this.pause(error, failures, signal);
      }
    }
  }

  /** Batch after batch; acknowledgements are sent while the next batch is handled. */
  private async handle(
    handler: BatchHandler,
    inbox: Inbox,
    leases: Leases,
    signal: AbortSignal,
    fail: (error: unknown) => void,
  ): Promise<void> {
    const { bury } = this.parts;
    let acknowledged = Promise.resolve();
    try {
      for (let batch = await inbox.take(signal); batch.length > 0; batch = await inbox.take(signal)) {
        const deliveries = batch.map(({ delivery }) => delivery);
        const settled = await settle(deliveries, { ...this.options, handler, bury, signal });
        await acknowledged;
        acknowledged = this.acknowledge(leases, batch.slice(0, settled), signal);
        // Awaited after the next batch, of which there may be none.
        acknowledged.catch(fail);
        if (settled < batch.length) break;
      }
    } finally {
      await acknowledged;
    }
  }

  private async acknowledge(leases: Leases, consumed: readonly Held[], signal: AbortSignal): Promise<void> {
    if (consumed.length === 0) return;
    const { topic, group, observe } = this.options;
    const started = performance.now();
    await leases.acknowledge(consumed, signal);
    const seconds = (performance.now() - started) / 1000;
    observe({ kind: 'committed', topic, group, messages: consumed.length, seconds });
  }

  private async pause(error: unknown, failures: number, signal: AbortSignal): Promise<void> {
    const delayMs = backoffMs(failures, this.options.backoff ?? DEFAULT_BACKOFF);
    this.reportRetry(error, failures, delayMs);
    await pause(delayMs, signal);
  }

  private toHeld({ ackId, message }: Received): Held[] {
    if (typeof ackId !== 'string' || !message) return [];
    return [{ ackId, delivery: toDelivery(this.options.topic, message) }];
  }

  private newLeases(): Leases {
    const { subscriber, subscription } = this.parts;
    const { request } = this;
    const { backoff } = this.options;
    return new Leases({
      acknowledge: (ackIds) => calling(request, () => subscriber.acknowledge({ subscription, ackIds }, CALL)),
      modify: (ackIds, ackDeadlineSeconds, timeout) => {
        const lease = { subscription, ackIds, ackDeadlineSeconds };
        return calling(request, () => subscriber.modifyAckDeadline(lease, { ...CALL, timeout }));
      },
      ...(backoff !== undefined && { backoff }),
      onRetry: (error, failures, delayMs) => this.reportRetry(error, failures, delayMs),
    });
  }

  private get request() {
    const { topic, group } = this.options;
    return {
      does: `consume the subscription ${subscriptionId(topic, group)}`,
      needs: 'pubsub.subscriptions.consume (roles/pubsub.subscriber)',
    };
  }

  private reportRetry(error: unknown, failures: number, delayMs: number): void {
    const { topic, group, observe } = this.options;
    observe({ kind: 'retried', topic, group, error, failures, delaySeconds: delayMs / 1000 });
  }
}
