import type { ConnectionOptions } from 'node:tls';
import type { Observe } from '@hub/messaging';

type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

export type KafkaSasl = { [M in SaslMechanism]: { mechanism: M; username: string; password: string } }[SaslMechanism];

/** How topics are made that are missing. One that is there is used as it is. */
export interface TopicSettings {
  /** The most processors that can share the work. Dead letters always have one. */
  partitions: number;
  /** Copies of each partition; the cluster's own default unless told. */
  replicationFactor?: number;
  /** How long messages are kept, consumed or not. */
  retentionDays: number;
}

export interface KafkaBrokerOptions {
  /** host:port of some of the cluster's brokers. */
  brokers: readonly string[];
  /** How the cluster's own logs and quotas name this client. */
  clientId?: string;
  /** TLS: true for the authorities that Node trusts, or others. Not encrypted unless told. */
  ssl?: boolean | ConnectionOptions;
  sasl?: KafkaSasl;
  topics: TopicSettings;
  /** Gets what happens, for logs and metrics. */
  observe?: Observe;
}
