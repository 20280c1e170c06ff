import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { ConsentMode } from '@hub/policy';
import { ConfigError } from './config-error.ts';
import { readEnv } from './read-env.ts';
import type { Env } from './variables.ts';

export const APPS = ['hub', 'mastodon-stream', 'producer', 'processor', 'gateway', 'simulator'] as const;
export type AppName = (typeof APPS)[number];

export interface SourceConfig {
  /** Origin, like https://mastodon.social. */
  server: string;
  accessToken?: string;
  stream: Env['MASTODON_STREAM'];
}

export interface Config {
  app: AppName;
  logLevel: Env['LOG_LEVEL'];
  dataDir: string;
  retentionDays: number;
  consent: ConsentMode;
  messaging: { type: 'EMBEDDED'; path: string; topic: string };
  storage: { type: 'SQLITE'; path: string };
  /** Where this app's gRPC services listen. */
  grpc: { host: string; port: number };
  /** host:port of the producer that the reader sends to. */
  producerAddress: string;
  http: { host: string; port: number; allowedOrigins: readonly string[] };
  /** HTTP for health and metrics of an app without other HTTP. */
  operationsPort?: number;
  /** None: the hub reads its own simulator. */
  source?: SourceConfig;
  simulator: { host: string; port: number; rate: number; seed: number; corpus?: string };
}

/** Reads the environment of this process, with what `.env` in the working folder adds. The only reader of process.env. */
export function loadConfig(app: AppName): Config {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  return toConfig(app, readEnv({ ...file, ...process.env }));
}

/** Second step: from checked variables to what the app is given. Throws ConfigError for what the app cannot do without. */
export function toConfig(app: AppName, env: Env): Config {
  const dataDir = resolve(env.DATA_DIR);
  const source = toSource(env);
  if (app === 'mastodon-stream' && source === undefined) {
    throw new ConfigError([
      { variable: 'MASTODON_SERVER', problem: 'is not set: the server to read from, like mastodon.social' },
    ]);
  }
  return {
    app,
    logLevel: env.LOG_LEVEL,
    dataDir,
    retentionDays: env.RETENTION_DAYS,
    consent: env.CONSENT,
    messaging: { type: env.PUBLISHER_TYPE, path: join(dataDir, 'log.db'), topic: env.PUBSUB_TOPIC },
    storage: { type: env.STORE_TYPE, path: join(dataDir, 'posts.db') },
    grpc: { host: env.BIND_ADDRESS, port: env.SERVICE_PORT },
    producerAddress: env.GRPC_SERVICE_ADDR ?? `localhost:${env.SERVICE_PORT}`,
    http: { host: env.BIND_ADDRESS, port: env.API_GATEWAY_SERVER_PORT, allowedOrigins: env.ALLOWED_ORIGINS },
    ...(env.OPERATIONS_PORT !== undefined && { operationsPort: env.OPERATIONS_PORT }),
    ...(source !== undefined && { source }),
    simulator: {
      host: env.BIND_ADDRESS,
      port: env.SIMULATOR_PORT,
      rate: env.SIMULATOR_RATE,
      seed: env.SIMULATOR_SEED,
      ...(env.SIMULATOR_CORPUS !== undefined && { corpus: env.SIMULATOR_CORPUS }),
    },
  };
}

function toSource(env: Env): SourceConfig | undefined {
  if (env.MASTODON_SERVER === undefined) {
    if (env.MASTODON_ACCESS_TOKEN === undefined) return undefined;
    throw new ConfigError([
      { variable: 'MASTODON_SERVER', problem: 'is not set, but MASTODON_ACCESS_TOKEN is: name its server' },
    ]);
  }
  return {
    server: env.MASTODON_SERVER,
    stream: env.MASTODON_STREAM,
    ...(env.MASTODON_ACCESS_TOKEN !== undefined && { accessToken: env.MASTODON_ACCESS_TOKEN }),
  };
}
