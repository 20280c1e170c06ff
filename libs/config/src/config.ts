import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { ConsentMode } from '@hub/policy';
import { toAccess, type AccessConfig } from './access.ts';
import { ConfigError } from './config-error.ts';
import { readEnv } from './read-env.ts';
import { VARIABLES } from './variables.ts';
import { checkDistinct, readSources, type SourceConfig } from './sources.ts';
import type { Env, VariableName } from './variables.ts';

export const APPS = [
  'hub',
  'mastodon-stream',
  'producer',
  'processor',
  'gateway',
  'simulator',
  'dlq',
  'forget',
] as const;
export type AppName = (typeof APPS)[number];

export type MessagingConfig =
  | { type: 'EMBEDDED'; topic: string; path: string }
  | { type: 'KAFKA'; topic: string; kafka: KafkaConfig }
  | { type: 'GCP_PUBSUB'; topic: string; projectId: string; push?: PubSubPushConfig };

/** Messages come by HTTP, with tokens of this kind, instead of being asked for. */
export interface PubSubPushConfig {
  audience: string;
  /** Its e-mail address. */
  serviceAccount: string;
}

export interface KafkaConfig {
  brokers: readonly string[];
  ssl: boolean;
  sasl?: { mechanism: NonNullable<Env['KAFKA_SASL_MECHANISM']>; username: string; password: string };
  partitions: number;
  replicationFactor?: number;
}

export type StorageConfig =
  { type: 'SQLITE'; path: string } | { type: 'MONGODB'; uri: string; database: string; collection: string };

/** What readers get, and who may be one. */
export interface DeliveryConfig {
  allowedOrigins: readonly string[];
  frameIntervalMs: number;
  access: AccessConfig;
  limits: { clients: number; clientsPerAddress: number; requestsPerMinute: number; replays: number };
  trustedProxies: readonly string[];
  drainMs: number;
  /** Where readers that speak gRPC are served; none: nowhere. */
  grpc?: { host: string; port: number };
}

export interface Config {
  app: AppName;
  logLevel: Env['LOG_LEVEL'];
  dataDir: string;
  retentionDays: number;
  consent: ConsentMode;
  includeBots: boolean;
  /** Whom the operator leaves out; the file need not be there. */
  blocklistFile: string;
  messaging: MessagingConfig;
  storage: StorageConfig;
  /** Where this app's gRPC services listen. */
  grpc: { host: string; port: number };
  /** host:port of the producer that the reader sends to. */
  producerAddress: string;
  http: { host: string; port: number };
  delivery: DeliveryConfig;
  /** HTTP for health and metrics of an app without other HTTP. */
  operationsPort?: number;
  /** What MASTODON_SERVER names first, then MASTODON_SOURCES. None: the hub reads its own simulator. */
  sources: readonly SourceConfig[];
  simulator: { host: string; port: number; rate: number; seed: number; corpus?: string };
}

/** Reads the environment of this process, with what `.env` in the working folder adds. The only user of process.env. */
export function loadConfig(app: AppName): Config {
  const file = existsSync('.env') ? parseEnv(readFileSync('.env', 'utf8')) : {};
  // SDKs look for theirs by themselves: PUBSUB_EMULATOR_HOST, GOOGLE_APPLICATION_CREDENTIALS.
  for (const [name, value] of Object.entries(file)) if (!Object.hasOwn(VARIABLES, name)) process.env[name] ||= value;
  return toConfig(app, readEnv({ ...file, ...process.env }));
}

/** Second step: from checked variables to what the app is given. Throws ConfigError for what the app cannot do without. */
export function toConfig(app: AppName, env: Env): Config {
  const dataDir = resolve(env.DATA_DIR);
  const sources = toSources(env);
  if (app === 'mastodon-stream' && sources.length === 0) {
    throw unset('MASTODON_SERVER', 'the server to read from, like mastodon.social; or set MASTODON_SOURCES');
  }
  return {
    app,
    logLevel: env.LOG_LEVEL,
    dataDir,
    retentionDays: env.RETENTION_DAYS,
    consent: env.CONSENT,
    includeBots: env.INCLUDE_BOTS,
    blocklistFile: env.BLOCKLIST_FILE === undefined ? join(dataDir, 'blocklist.txt') : resolve(env.BLOCKLIST_FILE),
    messaging: toMessaging(env, dataDir),
    storage: toStorage(env, dataDir),
    grpc: { host: env.BIND_ADDRESS, port: env.SERVICE_PORT },
    producerAddress: env.GRPC_SERVICE_ADDR ?? `localhost:${env.SERVICE_PORT}`,
    http: { host: env.BIND_ADDRESS, port: env.API_GATEWAY_SERVER_PORT },
    delivery: toDelivery(env),
    ...(env.OPERATIONS_PORT !== undefined && { operationsPort: env.OPERATIONS_PORT }),
    sources,
    simulator: {
      host: env.BIND_ADDRESS,
      port: env.SIMULATOR_PORT,
      rate: env.SIMULATOR_RATE,
      seed: env.SIMULATOR_SEED,
      ...(env.SIMULATOR_CORPUS !== undefined && { corpus: env.SIMULATOR_CORPUS }),
    },
  };
}

function toDelivery(env: Env): DeliveryConfig {
  const { NODE_ENV, ALLOWED_ORIGINS: allowedOrigins } = env;
  if (NODE_ENV === 'production' && allowedOrigins.includes('*')) {
    const problem = 'is *: any page could read in the name of whoever looks at it; name the origins';
    throw new ConfigError([{ variable: 'ALLOWED_ORIGINS', problem }]);
  }
  return {
    allowedOrigins,
    frameIntervalMs: env.FRAME_INTERVAL_MS,
    access: toAccess(env),
    limits: {
      clients: env.MAX_CLIENTS,
      clientsPerAddress: env.MAX_CLIENTS_PER_ADDRESS,
      requestsPerMinute: env.REQUESTS_PER_MINUTE,
      replays: env.MAX_REPLAYS,
    },
    trustedProxies: env.TRUSTED_PROXIES,
    drainMs: env.DRAIN_SECONDS * 1000,
    ...(env.FEED_GRPC_PORT !== undefined && { grpc: { host: env.BIND_ADDRESS, port: env.FEED_GRPC_PORT } }),
  };
}

function toMessaging(env: Env, dataDir: string): MessagingConfig {
  const topic = env.PUBSUB_TOPIC;
  switch (env.PUBLISHER_TYPE) {
    case 'EMBEDDED':
      return { type: 'EMBEDDED', topic, path: join(dataDir, 'log.db') };
    case 'KAFKA':
      return { type: 'KAFKA', topic, kafka: toKafka(env) };
    case 'GCP_PUBSUB':
      return toPubSub(env, topic);
  }
}

function toPubSub(env: Env, topic: string): MessagingConfig {
  const {
    GCP_PROJECT_ID: projectId,
    PUBSUB_PUSH_AUDIENCE: audience,
    PUBSUB_PUSH_SERVICE_ACCOUNT: serviceAccount,
  } = env;
  if (projectId === undefined) throw unset('GCP_PROJECT_ID', 'PUBLISHER_TYPE=GCP_PUBSUB needs the project');
  const pubsub = { type: 'GCP_PUBSUB', topic, projectId } as const;
  if (audience === undefined && serviceAccount === undefined) return pubsub;
  if (audience === undefined) throw unset('PUBSUB_PUSH_AUDIENCE', 'PUBSUB_PUSH_SERVICE_ACCOUNT needs it');
  if (serviceAccount === undefined) throw unset('PUBSUB_PUSH_SERVICE_ACCOUNT', 'PUBSUB_PUSH_AUDIENCE needs it');
  if (env.OPERATIONS_PORT === undefined) throw unset('OPERATIONS_PORT', 'Pub/Sub pushes over HTTP: name the port');
  return { ...pubsub, push: { audience, serviceAccount } };
}

function toKafka(env: Env): KafkaConfig {
  if (env.KAFKA_BROKERS === undefined)
    throw unset('KAFKA_BROKERS', 'PUBLISHER_TYPE=KAFKA needs HOST:PORT of its brokers');
  const sasl = toSasl(env);
  return {
    brokers: env.KAFKA_BROKERS,
    ssl: env.KAFKA_SSL,
    partitions: env.KAFKA_PARTITIONS,
    ...(sasl !== undefined && { sasl }),
    ...(env.KAFKA_REPLICATION_FACTOR !== undefined && { replicationFactor: env.KAFKA_REPLICATION_FACTOR }),
  };
}

function toSasl(env: Env): KafkaConfig['sasl'] {
  if (env.KAFKA_SASL_MECHANISM === undefined) return undefined;
  if (env.KAFKA_SASL_USERNAME === undefined) throw unset('KAFKA_SASL_USERNAME', 'KAFKA_SASL_MECHANISM needs it');
  if (env.KAFKA_SASL_PASSWORD === undefined) throw unset('KAFKA_SASL_PASSWORD', 'KAFKA_SASL_MECHANISM needs it');
  return { mechanism: env.KAFKA_SASL_MECHANISM, username: env.KAFKA_SASL_USERNAME, password: env.KAFKA_SASL_PASSWORD };
}

function toStorage(env: Env, dataDir: string): StorageConfig {
  if (env.STORE_TYPE === 'SQLITE') return { type: 'SQLITE', path: join(dataDir, 'posts.db') };
  if (env.MONGODB_URI === undefined) throw unset('MONGODB_URI', 'STORE_TYPE=MONGODB needs a connection string');
  return { type: 'MONGODB', uri: env.MONGODB_URI, database: env.MONGODB_DATABASE, collection: env.MONGODB_COLLECTION };
}

function toSources(env: Env): SourceConfig[] {
  const several = env.MASTODON_SOURCES === undefined ? [] : readSources(env.MASTODON_SOURCES);
  const sources = [...toSingle(env), ...several];
  checkDistinct(sources);
  return sources;
}

function toSingle(env: Env): SourceConfig[] {
  const { MASTODON_SERVER: server, MASTODON_STREAM: stream, MASTODON_ACCESS_TOKEN: accessToken } = env;
  if (server !== undefined) return [{ server, stream, ...(accessToken !== undefined && { accessToken }) }];
  if (accessToken === undefined) return [];
  throw unset('MASTODON_SERVER', 'MASTODON_ACCESS_TOKEN is set: name its server');
}

function unset(variable: VariableName, why: string): ConfigError {
  return new ConfigError([{ variable, problem: `is not set: ${why}` }]);
}
