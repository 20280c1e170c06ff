/** What a driver tells whoever composes it, for logs and metrics. `seconds` are durations, `bytes` those of the values. */
export type MessagingEvent =
  | { kind: 'published'; topic: string; messages: number; bytes: number; seconds: number }
  /** The handler has taken a batch, or one message alone. */
  | { kind: 'handled'; topic: string; group: string; messages: number; bytes: number; seconds: number }
  /** The group's position has moved over these messages durably. */
  | { kind: 'committed'; topic: string; group: string; messages: number; seconds: number }
  /** Something failed and is tried again after `delaySeconds`. `failures` counts those in a row. */
  | { kind: 'retried'; topic: string; group: string; error: unknown; failures: number; delaySeconds: number }
  | { kind: 'dead_lettered'; topic: string; group: string; reason: string; detail: string; origin: string }
  /** A consumer has begun to read: for the first time, after a connection was lost, or with another share of the topic. */
  | { kind: 'joined'; topic: string; group: string }
  /** Another member of the group has taken over; this one waits for its turn again. */
  | { kind: 'fenced'; topic: string; group: string }
  /** Messages that no group had consumed were removed because of their age: a loss. */
  | { kind: 'expired'; topic: string; messages: number }
  /** What is past its time could not be removed now; it is tried again. */
  | { kind: 'upkeep_failed'; error: unknown }
  /** A topic that was there already is set up otherwise than configured, and used as it is. */
  | { kind: 'topic_differs'; topic: string; detail: string };

/** Called synchronously and often: cheap, and it must not throw. */
export type Observe = (event: MessagingEvent) => void;
