import type { ChildProcess } from 'node:child_process';
import type { DeadLetters, Publisher, Subscription, SubscriptionOptions } from '@hub/messaging';

/** What a process has of the broker. */
export interface MessagingClient {
  publisher(topic: string): Publisher;
  subscription(options: SubscriptionOptions): Subscription;
  deadLetters(topic: string): DeadLetters;
  close(): Promise<void>;
}

/** What a further process does until it is killed; see `runContractProcess`. */
export type ProcessRole =
  /** Handles so many messages, then takes a batch and never finishes it. */
  | { does: 'consume'; topic: string; group: string; maxMessages: number; hangAfter: number }
  /** Publishes one message after another, each when the one before was acknowledged. */
  | { does: 'publish'; topic: string };

/** A broker for one test file. */
export interface MessagingTestBed {
  /** A connection of its own, as another process would have. */
  connect(): Promise<MessagingClient>;
  /** Makes the topic and the groups, where that is not the client's business, so that groups get all that is published after. */
  prepare(topic: string, groups: readonly string[]): Promise<void>;
  /** A process that calls `runContractProcess` with this role; its standard output is a pipe. */
  spawn(role: ProcessRole): ChildProcess;
  /** Ends the broker as a crash does. Only called if the driver does not lack `broker_outage`. */
  stopBroker(): Promise<void>;
  /** Starts it again with what it had stored. */
  startBroker(): Promise<void>;
  close(): Promise<void>;
}

/** What not every broker can do. */
export type Capability =
  /** The broker can go away while its clients stay. */
  | 'broker_outage'
  /** What was acknowledged outlives a crash of the broker. */
  | 'durable'
  /** `lag` counts all messages that the group has not consumed, not only those that this process holds. */
  | 'lag';

export interface MessagingDriver {
  start(): Promise<MessagingTestBed>;
  /** What it cannot do, and why: printed in place of the tests. */
  lacks: Partial<Record<Capability, string>>;
  /** Bytes of the largest value that it is asked to carry. */
  largeMessageBytes: number;
  /** How long a group may stay without a consumer after one was killed, at most. */
  handOverMs: number;
}
