import kafkajs from 'kafkajs';
import { HubError, type ErrorCode } from '@hub/contracts';
import { BrokerUnavailableError } from '@hub/messaging';

/** By the names that Kafka's protocol gives its errors, and kafkajs its own. What is not here may mend itself. */
const LASTING: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  SASL_AUTHENTICATION_FAILED: ['unauthorized', 'Kafka refuses the user or the password'],
  KafkaJSSASLAuthenticationError: ['unauthorized', 'Kafka refuses the user or the password'],
  UNSUPPORTED_SASL_MECHANISM: ['invalid_config', 'Kafka does not offer this SASL mechanism'],
  TOPIC_AUTHORIZATION_FAILED: ['forbidden', 'Kafka does not let this user use the topic'],
  GROUP_AUTHORIZATION_FAILED: ['forbidden', 'Kafka does not let this user use the consumer group'],
  CLUSTER_AUTHORIZATION_FAILED: ['forbidden', 'Kafka does not let this user do that to the cluster'],
  MESSAGE_TOO_LARGE: ['payload_too_large', "A message is larger than the topic's max.message.bytes"],
  RECORD_LIST_TOO_LARGE: ['payload_too_large', "A message is larger than the topic's segments"],
  INVALID_TOPIC_EXCEPTION: ['invalid_config', 'Kafka does not accept the name of the topic'],
  INVALID_PARTITIONS: ['invalid_config', 'Kafka does not accept the number of partitions'],
  INVALID_REPLICATION_FACTOR: ['invalid_config', 'Kafka has too few brokers for the replication factor'],
  INVALID_CONFIG: ['invalid_config', 'Kafka does not accept a setting of the topic'],
  POLICY_VIOLATION: ['invalid_config', "A setting of the topic breaks the cluster's policy"],
  KafkaJSNotImplemented: [
    'invalid_config',
    "The topic holds messages that are compressed with Snappy or LZ4: set its compression.type to 'gzip'",
  ],
};

/** kafkajs says the same of a cluster that starts and of a refusal. */
const HINTS: Readonly<Record<string, string>> = {
  KafkaJSGroupCoordinatorNotFound: 'the group has no coordinator yet, or this user may not use the group',
};

/** The member is no longer of the group as it was: what it has in hand may be another's. kafkajs joins again on these. */
const LOST = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'NOT_COORDINATOR_FOR_GROUP',
  'UNKNOWN_MEMBER_ID',
  'FENCED_INSTANCE_ID',
]);

export function isLostMembership(error: unknown): boolean {
  return typeOf(error) !== undefined && LOST.has(typeOf(error) ?? '');
}

/** The name that Kafka's protocol gives the error. */
export function typeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('type' in error)) return undefined;
  return typeof error.type === 'string' ? error.type : undefined;
}

/**
 * Whatever kafkajs throws, as the hub's errors. Of a broker that is away it makes many kinds, some of which it calls
 * not retriable, and some that are its own mistakes (TypeError).
 */
export function toHubError(error: unknown): HubError {
  const causes = [...causesOf(error)];
  for (const cause of causes) {
    if (cause instanceof HubError) return cause;
    const [code, message] = LASTING[typeOf(cause) ?? nameOf(cause)] ?? [];
    if (code !== undefined && message !== undefined) return new HubError(code, `${message}.`, { cause: error });
  }
  const word = causes.map(wordOf).find((word) => word !== undefined) ?? HINTS[nameOf(error)] ?? nameOf(error);
  return new BrokerUnavailableError(`Kafka cannot be used now (${word})`, { cause: error });
}

/** The error, what caused it, and what it gathers. */
function* causesOf(error: unknown): Generator {
  yield error;
  if (error instanceof kafkajs.KafkaJSAggregateError) for (const one of error.errors) yield* causesOf(one);
  if (error instanceof Error && error.cause !== undefined) yield* causesOf(error.cause);
}

/** ECONNREFUSED, NOT_ENOUGH_REPLICAS and the like: never an address. */
function wordOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : typeOf(error);
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
