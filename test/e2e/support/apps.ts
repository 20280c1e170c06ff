import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, ServerProcess } from '../../servers/server-process.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The built file of an app, as `npm run build` leaves it. */
export function entryOf(app: string): string {
  const entry = join(root, 'dist', 'apps', app, 'apps', app, 'src', 'main.js');
  if (!existsSync(entry)) throw new Error(`${app} is not built: npm run build`);
  return entry;
}

/** A folder that goes with the test. */
export async function temporaryFolder(): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'hub-e2e-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** What is set in the shell of whoever runs the tests must not reach the apps under test. */
export const CLEAN = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) =>
      /^(MASTODON_|PUBLISHER_|KAFKA_|GCP_|PUBSUB_|STORE_|MONGODB_|SIMULATOR_|DATA_DIR|CONSENT|BLOCKLIST_|INCLUDE_BOTS|LOG_LEVEL|OPERATIONS_|GRPC_SERVICE_|ACCESS_MODE|API_KEYS|JWT_|TRUSTED_PROXIES|MAX_|FEED_GRPC_PORT|NODE_ENV|SERVICE_PORT|BIND_ADDRESS)/.test(
        name,
      ),
    )
    .map((name) => [name, '']),
);

/** The tests ask for whole stores again and again. */
const PATIENT = { REQUESTS_PER_MINUTE: '1000000' };

/** Runs an app in `dir`; the port named by `portVariable` tells that it is up. */
export async function startApp(
  app: string,
  dir: string,
  portVariable: string,
  env: Record<string, string>,
): Promise<ServerProcess> {
  const port = Number(env[portVariable] ?? (await freePort()));
  return ServerProcess.start({
    name: app,
    dir,
    port,
    command: () => [process.execPath, '--enable-source-maps', entryOf(app)],
    env: { ...CLEAN, ...PATIENT, ...env, [portVariable]: String(port) },
  });
}

export interface RunningHub {
  url: string;
  process: ServerProcess;
  dataDir: string;
  /** Port of its gRPC services. */
  grpcPort: number;
}

export async function startHub(dir: string, env: Record<string, string> = {}): Promise<RunningHub> {
  const grpcPort = await freePort();
  const dataDir = join(dir, 'data');
  const process = await startApp('hub', dir, 'API_GATEWAY_SERVER_PORT', {
    DATA_DIR: dataDir,
    SERVICE_PORT: String(grpcPort),
    ...env,
  });
  return { url: `http://127.0.0.1:${process.port}`, process, dataDir, grpcPort };
}

export async function startSimulatorApp(
  dir: string,
  env: Record<string, string> = {},
): Promise<{ url: string; process: ServerProcess }> {
  const process = await startApp('simulator', dir, 'SIMULATOR_PORT', env);
  return { url: `http://127.0.0.1:${process.port}`, process };
}

/** Asks again until `test` holds or the time is up; returns what was asked for last. */
export async function until<T>(ask: () => Promise<T>, test: (answer: T) => boolean, withinMs: number): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (test(answer) || Date.now() > deadline) return answer;
    await sleep(100);
  }
}

export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return (await response.json()) as T;
}

export async function send(url: string, method: 'POST' | 'PUT' | 'DELETE', body: unknown = {}): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${url} answers ${response.status}: ${await response.text()}`);
}
