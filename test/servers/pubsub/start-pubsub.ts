import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../server-process.ts';
import { builtPubSub } from './build-pubsub.ts';

/** For describeWith. */
export const PUBSUB_PROBE = ['go', 'version'] as const;
export const PUBSUB_PURPOSE =
  'Go builds the Pub/Sub fake of its Google client; or set HUB_TEST_PUBSUB_PROJECT to a Google Cloud project in which ' +
  'the tests may make topics and subscriptions';

export interface PubSubServer {
  /** host:port, for PUBSUB_EMULATOR_HOST. */
  host: string;
  projectId: string;
  kill9(): Promise<void>;
  /** After `kill9`: on the same port, empty. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The Pub/Sub fake on a free port. It keeps everything in memory.
 * @param refused methods that answer with an error, like { CreateTopic: 'PERMISSION_DENIED' }
 */
export async function startPubSub(refused: Readonly<Record<string, string>> = {}): Promise<PubSubServer> {
  const program = await builtPubSub();
  const dir = await mkdtemp(join(tmpdir(), 'hub-pubsub-'));
  const refusals = Object.entries(refused).flatMap(([method, code]) => ['-refuse', `${method}=${code}`]);
  const server = await ServerProcess.start({
    name: 'pubsub',
    dir,
    command: (port) => [program, '-port', String(port), ...refusals],
  });
  return {
    host: `127.0.0.1:${server.port}`,
    projectId: 'hub-test',
    kill9: () => server.kill9(),
    restart: () => server.start(),
    async stop() {
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
