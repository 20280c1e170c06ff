import type { Observe } from './events.ts';
import type { BatchLimits } from './limits.ts';
import type { Backoff } from './retry.ts';

/** Who consumes what. */
export interface GroupOptions {
  topic: string;
  group: string;
  /** How often a message may fail alone, by errors that no retry mends, before it is a dead letter. */
  maxAttempts?: number;
  backoff?: Backoff;
}

/** What a broker is asked for; without limits it has its own. */
export interface SubscriptionOptions extends GroupOptions, Partial<BatchLimits> {}

/** What a driver's consumer is told. */
export interface ConsumerOptions extends GroupOptions, BatchLimits {
  observe: Observe;
}
