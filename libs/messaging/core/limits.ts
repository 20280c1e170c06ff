/** How much a batch may hold. A single message may be larger than `maxBytes`: then it is a batch of its own. */
export interface BatchLimits {
  maxMessages: number;
  /** Of the values. */
  maxBytes: number;
}

export const DEFAULT_BATCH_LIMITS: BatchLimits = { maxMessages: 1_000, maxBytes: 4 * 1024 * 1024 };
