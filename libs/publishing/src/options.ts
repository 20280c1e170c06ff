import type { ConsentMode, Excluder } from '@hub/policy';

export interface PublishingOptions {
  consent: ConsentMode;
  /** Whom the operator leaves out besides. */
  excluded?: Excluder;
  /** Largest message that is taken, key and attributes included. A stream with a larger one is RESOURCE_EXHAUSTED. */
  maxMessageBytes?: number;
  /** Bytes of one stream that may wait for the broker; then it is read no further until some are acknowledged. */
  maxStreamBytes?: number;
  /** How long a stopping producer lets running streams finish. */
  drainMs?: number;
}

export const DEFAULTS = { maxMessageBytes: 1024 * 1024, maxStreamBytes: 4 * 1024 * 1024, drainMs: 5000 };

export const PUBLISHING_OPTIONS = Symbol('PublishingOptions');
