import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openPubSubBroker, type PubSubBroker, type PubSubBrokerOptions } from '@hub/messaging/pubsub';
import type { MessagingDriver, MessagingTestBed, ProcessRole } from '@hub/messaging/testkit';
import { startPubSub, type PubSubServer } from '../servers/pubsub/start-pubsub.ts';

const inThisFolder = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const NODE_OPTIONS = [
  '--disable-warning=ExperimentalWarning',
  '--experimental-transform-types',
  '--import',
  inThisFolder('../support/aliases.mjs'),
];

/** A Google Cloud project of the user's, in place of a fake that the tests start. Its credentials are the SDK's business. */
export const OTHER_PROJECT = process.env['HUB_TEST_PUBSUB_PROJECT'];

export interface PubSubBed extends MessagingTestBed {
  connect(options?: Partial<PubSubBrokerOptions>): Promise<PubSubBroker>;
}

/** @param refused methods of the fake that answer with an error */
export async function startPubSubBed(refused: Readonly<Record<string, string>> = {}): Promise<PubSubBed> {
  const server = OTHER_PROJECT === undefined ? await startPubSub(refused) : undefined;
  if (server !== undefined) process.env['PUBSUB_EMULATOR_HOST'] = server.host;
  const options: PubSubBrokerOptions = {
    projectId: server?.projectId ?? OTHER_PROJECT ?? '',
    retentionDays: 1,
    groups: ['g', 'h'],
  };
  const owned = (): PubSubServer => {
    if (server === undefined) throw new Error("the project is the user's");
    return server;
  };
  return {
    connect: (others) => openPubSubBroker({ ...options, ...others }),
    async prepare(topic, groups) {
      const broker = await openPubSubBroker(options);
      await Promise.all(groups.map((group) => broker.subscription({ topic, group }).lag()));
      await broker.close();
    },
    spawn: (role: ProcessRole) =>
      spawn(
        process.execPath,
        [...NODE_OPTIONS, inThisFolder('messaging-pubsub.process.ts'), JSON.stringify(options), JSON.stringify(role)],
        { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env } },
      ),
    stopBroker: () => owned().kill9(),
    startBroker: () => owned().restart(),
    async close() {
      await server?.stop();
      if (server !== undefined) delete process.env['PUBSUB_EMULATOR_HOST'];
    },
  };
}

const LAG = 'Pub/Sub tells nobody how many messages wait (Cloud Monitoring does, minutes later)';

export const PUBSUB: Omit<MessagingDriver, 'start'> = {
  lacks:
    OTHER_PROJECT === undefined
      ? { lag: LAG, durable: 'the fake keeps everything in memory: what it had acknowledged is lost when it is killed' }
      : { lag: LAG, broker_outage: "HUB_TEST_PUBSUB_PROJECT names Google's service, which is not ours to kill" },
  largeMessageBytes: 9_000_000,
  // A lease lasts 15 s.
  handOverMs: 25_000,
};
