import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEmbeddedBroker } from '@hub/messaging/embedded';
import { describeMessagingContract, type MessagingTestBed, type ProcessRole } from '@hub/messaging/testkit';

const inThisFolder = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const NODE_OPTIONS = [
  '--disable-warning=ExperimentalWarning',
  '--experimental-transform-types',
  '--import',
  inThisFolder('../support/aliases.mjs'),
];

/** Clients share a log file, as processes of a machine may. */
async function start(): Promise<MessagingTestBed> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-log-'));
  const path = join(folder, 'log.db');
  const connect = () => openEmbeddedBroker({ path, retentionDays: 1 });
  const noServer = () => Promise.reject(new Error('there is no server'));
  return {
    connect,
    async prepare(topic, groups) {
      const broker = await connect();
      await Promise.all(groups.map((group) => broker.subscription({ topic, group }).lag()));
      await broker.close();
    },
    spawn: (role: ProcessRole) =>
      spawn(
        process.execPath,
        [...NODE_OPTIONS, inThisFolder('messaging-embedded.process.ts'), path, JSON.stringify(role)],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      ),
    stopBroker: noServer,
    startBroker: noServer,
    close: () => rm(folder, { recursive: true }),
  };
}

describeMessagingContract('embedded', {
  start,
  lacks: { broker_outage: 'the log is a file that the process itself writes: there is no server that could go away' },
  largeMessageBytes: 8 * 1024 * 1024,
  handOverMs: 3_000,
});
