import type { Envelope } from '@hub/contracts/proto';

/**
 * Puts envelopes on the topic, in order for each key.
 *
 * Guarantee: `publish` resolves only when the broker has all of the batch durably; if it rejects, any part of the
 * batch may have been stored, and the caller sends it all again (at-least-once).
 */
export interface Publisher {
  /** Rejects with BrokerUnavailableError (retryable) while the broker is away, StorageFullError when it is full. */
  publish(batch: readonly Envelope[]): Promise<void>;
  /** Waits for what was accepted, then lets go of the connection. */
  close(): Promise<void>;
}

/** An envelope as a consumer group gets it. */
export interface Delivery extends Envelope {
  /** Where it stands, for people and dead letters: "mastodon-posts/0@1234". Stable over redeliveries. */
  origin: string;
  /** A number that rises along a key's deliveries; the fallback ingest sequence of an event that carries none. */
  sequence: number;
  publishedAt: Date;
  /** 1 at the first delivery that this consumer makes. */
  attempt: number;
}

/** A delivery that can never be processed, and why. The reason is a stable word; the detail is for people. */
export interface Rejection {
  delivery: Delivery;
  reason: string;
  detail: string;
}

/**
 * Processes a batch, oldest first. Resolves when the effects of all of it are durable, with those that are to become
 * dead letters. If it rejects with a retryable HubError, the same deliveries come again, for ever, with a back-off;
 * with any other error they come again one by one, and what fails alone `maxAttempts` times is a dead letter.
 */
export type BatchHandler = (batch: readonly Delivery[]) => Promise<readonly Rejection[]>;

/**
 * One member of a consumer group.
 *
 * Guarantee: each message of the topic is handled by the group at least once, the ones of a key in order; a message
 * counts as consumed only after its batch was handled or it is a durable dead letter, and the position moves only
 * over the contiguous prefix of those.
 */
export interface Subscription {
  /**
   * Runs until `signal` is aborted, then finishes the batch in hand, commits, and resolves. Rejects on what a retry
   * cannot mend (corrupt data, refused credentials). At most one call at a time.
   */
  consume(handler: BatchHandler, options: { signal: AbortSignal }): Promise<void>;
  /**
   * Messages that the group has not consumed yet; for metrics. Where the broker cannot tell (Pub/Sub), those of them
   * that this process holds. Rejects with BrokerUnavailableError while the broker is away.
   */
  lag(): Promise<number>;
  close(): Promise<void>;
}

/** A message that could not be processed, as it is kept on the dead-letter topic. */
export interface DeadLetter extends Envelope {
  /** Position on the dead-letter topic. */
  id: string;
  reason: string;
  detail: string;
  origin: string;
  failedAt: Date;
}

/** The dead letters of a topic, oldest first. */
export interface DeadLetters {
  list(options: { after?: string; limit: number }): Promise<readonly DeadLetter[]>;
  count(): Promise<number>;
}

/** Names of the header fields that a dead letter has besides those of the message it was. */
export const DEAD_LETTER_HEADERS = {
  reason: 'dlq_reason',
  detail: 'dlq_detail',
  origin: 'dlq_origin',
  failedAt: 'dlq_failed_at',
} as const;

/** Injection tokens; the runtime binds them to the driver that the configuration chose. */
export const PUBLISHER = Symbol('Publisher');
export const SUBSCRIPTION = Symbol('Subscription');
