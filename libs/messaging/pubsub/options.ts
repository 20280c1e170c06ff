import type { Observe } from '@hub/messaging';

export interface PubSubBrokerOptions {
  /** The Google Cloud project. */
  projectId: string;
  /** How long Pub/Sub keeps messages that a group has not consumed, and dead letters: days. It allows 10 minutes to 31 days. */
  retentionDays: number;
  /**
   * The consumer groups of every topic. Pub/Sub keeps a message only for groups that are there when it is published:
   * a publisher makes sure that these are before it publishes the first one.
   */
  groups: readonly string[];
  /** Gets what happens, for logs and metrics. */
  observe?: Observe;
}
