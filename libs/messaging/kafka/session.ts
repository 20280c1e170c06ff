import { once } from 'node:events';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { QUICK_RETRIES, type NewKafka } from './client.ts';
import { toHubError } from './errors.ts';
import { Allowance, withAllowance } from './inflation.ts';

/** A killed member's partitions are another's after this; 6 s is the least that brokers accept as they come. */
export const SESSION_TIMEOUT_MS = 6_000;
export const HEARTBEAT_MS = 1_500;
/** How long the others wait for a member to finish what it has in hand, before they go on without it. */
const REBALANCE_TIMEOUT_MS = 20_000;

/**
 * Of compressed bytes, from all partitions of one broker. A partition's own limit must hold the largest record batch:
 * of a larger one a broker sends a useless part, unless no partition before it has anything.
 */
const FETCH_BYTES = 1024 * 1024;
/** Inflated bytes that one fetch brings, in the handler's batches. */
const ALLOWED_BATCHES = 1;
/** How long a fetch waits for messages. It is also how long the end of a session may wait for it. */
const FETCH_WAIT_MS = 500;

export interface SessionOptions {
  newKafka: NewKafka;
  topic: string;
  group: string;
  /** Of the handler's batches. */
  maxBytes: number;
  /** Of the topic's record batches. */
  maxBatchBytes: number;
  /** Partitions that are handled at once. */
  concurrency: number;
  eachBatch: (payload: EachBatchPayload) => Promise<void>;
  /** The member has a new share of the partitions. */
  onJoined: () => void;
  /** Ends the session. */
  signal: AbortSignal;
}

/**
 * One life of a kafkajs consumer. Resolves when the signal is aborted and what was in hand is finished; rejects when
 * kafkajs gives up, with a HubError. It never restarts by itself.
 */
export async function runSession(options: SessionOptions): Promise<void> {
  const { topic, signal, onJoined, eachBatch, concurrency } = options;
  const allowance = new Allowance(ALLOWED_BATCHES * options.maxBytes);
  const consumer = newConsumer(options);
  const crashed = Promise.withResolvers<never>();
  crashed.promise.catch(() => undefined);
  consumer.on(consumer.events.CRASH, ({ payload }) => crashed.reject(payload.error));
  consumer.on(consumer.events.GROUP_JOIN, onJoined);
  consumer.on(consumer.events.FETCH_START, () => allowance.renew());
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await withAllowance(allowance, () =>
      consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: concurrency,
        eachBatch,
      }),
    );
    // A consumer that was told to stop before it had joined would not stop.
    if (!signal.aborted) await Promise.race([crashed.promise, once(signal, 'abort')]);
  } catch (error) {
    throw toHubError(error);
  } finally {
    // How it came to its end is told already.
    await consumer.disconnect().catch(() => undefined);
  }
}

function newConsumer({ newKafka, group, maxBatchBytes }: SessionOptions): Consumer {
  return newKafka().consumer({
    groupId: group,
    allowAutoTopicCreation: false,
    sessionTimeout: SESSION_TIMEOUT_MS,
    heartbeatInterval: HEARTBEAT_MS,
    rebalanceTimeout: REBALANCE_TIMEOUT_MS,
    maxWaitTimeInMs: FETCH_WAIT_MS,
    maxBytesPerPartition: maxBatchBytes,
    maxBytes: Math.max(FETCH_BYTES, maxBatchBytes),
    retry: { ...QUICK_RETRIES, restartOnFailure: () => Promise.resolve(false) },
  });
}
