import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe } from '@jest/globals';
import { openKafkaBroker, type KafkaBroker, type KafkaBrokerOptions } from '@hub/messaging/kafka';
import type { MessagingDriver, MessagingTestBed, ProcessRole } from '@hub/messaging/testkit';
import { describeWith } from '../servers/describe-with.ts';
import { KAFKA_PROBE, startKafka, type KafkaServer } from '../servers/kafka/start-kafka.ts';

const inThisFolder = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const NODE_OPTIONS = [
  '--disable-warning=ExperimentalWarning',
  '--experimental-transform-types',
  '--import',
  inThisFolder('../support/aliases.mjs'),
];

/** A cluster of the user's, in place of a broker that the tests start: host:port, separated by commas. */
const OTHER_CLUSTER = process.env['HUB_TEST_KAFKA_BROKERS'];

/** A suite that starts brokers of its own. */
export function describeOwnKafka(name: string, suite: () => void): void {
  describeWith(KAFKA_PROBE, 'Maven fetches the broker and Java runs it', name, suite);
}

/** A suite that can use the user's cluster too. */
export function describeKafka(name: string, suite: () => void): void {
  if (OTHER_CLUSTER === undefined) describeOwnKafka(name, suite);
  else describe(name, suite);
}

export interface KafkaBed extends MessagingTestBed {
  brokers: string[];
  connect(options?: Partial<KafkaBrokerOptions>): Promise<KafkaBroker>;
}

export async function startKafkaBed(partitions: number): Promise<KafkaBed> {
  const server = OTHER_CLUSTER === undefined ? await startKafka() : undefined;
  const brokers = server?.brokers ?? OTHER_CLUSTER?.split(',') ?? [];
  const options = { brokers, topics: { partitions, retentionDays: 1 } };
  const owned = (): KafkaServer => {
    if (server === undefined) throw new Error("the cluster is the user's");
    return server;
  };
  return {
    brokers,
    connect: (others) => openKafkaBroker({ ...options, ...others }),
    // Topics and groups are the client's business.
    prepare: () => Promise.resolve(),
    spawn: (role: ProcessRole) =>
      spawn(
        process.execPath,
        [...NODE_OPTIONS, inThisFolder('messaging-kafka.process.ts'), JSON.stringify(options), JSON.stringify(role)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      ),
    stopBroker: () => owned().kill9(),
    startBroker: () => owned().restart(),
    close: async () => server?.stop(),
  };
}

export const KAFKA: Omit<MessagingDriver, 'start'> = {
  lacks:
    OTHER_CLUSTER === undefined
      ? {}
      : { broker_outage: "HUB_TEST_KAFKA_BROKERS names a cluster that is the user's, and not ours to kill" },
  largeMessageBytes: 900_000,
  // A member's session lasts 6 s.
  handOverMs: 10_000,
};
