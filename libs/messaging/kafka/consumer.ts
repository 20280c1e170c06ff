import {
  backoffMs,
  DEFAULT_BACKOFF,
  isRetryable,
  pause,
  type BatchHandler,
  type ConsumerOptions,
  type SettleOptions,
  type Subscription,
} from '@hub/messaging';
import type { AdminConnection } from './admin.ts';
import type { NewKafka } from './client.ts';
import { Member } from './member.ts';
import { expiredOf, lagOf, positionsOf, type Position } from './positions.ts';
import { runSession } from './session.ts';
import type { TopicFacts } from './topics.ts';

/** Partitions that are handled at once. */
const CONCURRENCY = 2;
/** A session that lasted so long was no failure from the start. */
const HEALTHY_MS = 10_000;

/** What a consumer needs of its broker. */
export interface ConsumerParts {
  newKafka: NewKafka;
  admin: AdminConnection;
  /** Resolves when the topic is there. */
  prepared: () => Promise<TopicFacts>;
  bury: SettleOptions['bury'];
}

/** A member of a group, in one session with the cluster after another. */
export class KafkaConsumer implements Subscription {
  private readonly closed = new AbortController();
  private running: Promise<void> | undefined;

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

  async lag(): Promise<number> {
    await this.parts.prepared();
    return lagOf(await this.positions());
  }

  async close(): Promise<void> {
    this.closed.abort();
    await Promise.allSettled([this.running]);
  }

  private async run(handler: BatchHandler, signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted;) {
      const started = performance.now();
      try {
        await this.session(handler, signal);
      } catch (error) {
        if (!isRetryable(error)) throw error;
        failures = performance.now() - started > HEALTHY_MS ? 1 : failures + 1;
        if (!signal.aborted) await this.pause(error, failures, signal);
      }
    }
  }

  private async pause(error: unknown, failures: number, signal: AbortSignal): Promise<void> {
    const { topic, group, observe, backoff = DEFAULT_BACKOFF } = this.options;
    const delayMs = backoffMs(failures, backoff);
    observe({ kind: 'retried', topic, group, error, failures, delaySeconds: delayMs / 1000 });
    await pause(delayMs, signal);
  }

  /** Resolves when the signal is aborted. */
  private async session(handler: BatchHandler, signal: AbortSignal): Promise<void> {
    const { topic, group, maxBytes, observe } = this.options;
    const { newKafka, prepared, bury } = this.parts;
    const { maxBatchBytes } = await prepared();
    const messages = expiredOf(await this.positions());
    if (messages > 0) observe({ kind: 'expired', topic, messages });
    const ending = new AbortController();
    const untilEnd = AbortSignal.any([signal, ending.signal]);
    const member = new Member({ ...this.options, handler, bury }, untilEnd, (error) => ending.abort(error));
    await runSession({
      newKafka,
      topic,
      group,
      maxBatchBytes,
      maxBytes,
      concurrency: CONCURRENCY,
      eachBatch: (payload) => member.eachBatch(payload),
      onJoined: () => {
        member.joined();
        observe({ kind: 'joined', topic, group });
      },
      signal: untilEnd,
    });
    if (ending.signal.aborted) throw ending.signal.reason;
  }

  private positions(): Promise<Position[]> {
    return this.parts.admin.use((admin) => positionsOf(admin, this.options.topic, this.options.group));
  }
}
