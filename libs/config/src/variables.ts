import { CONSENT_MODES } from '@hub/policy';
import { z } from 'zod';
import { server, stream } from './source-schema.ts';

/** An environment variable: how it is read, and what it accepts, in words for the error message. */
interface Variable<Schema extends z.ZodType> {
  schema: Schema;
  accepts: string;
}

function variable<Schema extends z.ZodType>(schema: Schema, accepts: string): Variable<Schema> {
  return { schema, accepts };
}

// A leading ':' is the original system's form of a port.
const port = z
  .string()
  .regex(/^:?\d{1,5}$/)
  .transform((text) => Number(text.replace(':', '')))
  .refine((number) => number <= 65_535);

const whole = (min: number, max: number) =>
  z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max));
const decimal = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const text = z.string();
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const list = text.transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const address = text.regex(/^[^\s:/]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i);
const origin = z.union([z.literal('*'), z.url({ protocol: /^https?$/ }).transform((value) => new URL(value).origin)]);

const proxy = z
  .union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])
  .or(z.literal('loopback').transform(() => ['127.0.0.0/8', '::1']));
const count = (byDefault: number) => whole(1, 1_000_000).default(byDefault);

const PORT = 'a port number, 0 to 65535; a leading ":" may stand before it';

/** Every variable that the hub reads. Names of the original system keep their meaning. */
export const VARIABLES = {
  MASTODON_SERVER: variable(
    server.optional(),
    'a host name or URL of a Mastodon-compatible server, like mastodon.social',
  ),
  MASTODON_ACCESS_TOKEN: variable(text.optional(), 'the access token of a user of that server'),
  MASTODON_CLIENT_ID: variable(text.optional(), 'anything: kept for .env files of the original system, not used'),
  MASTODON_CLIENT_SECRET: variable(text.optional(), 'anything: kept for .env files of the original system, not used'),
  MASTODON_STREAM: variable(stream.default('public'), 'public, public:local, public:remote or hashtag:NAME'),
  MASTODON_SOURCES: variable(
    text.optional(),
    'a JSON array of {"server", "stream", "accessToken"}, or the path of a file that holds one',
  ),
  PUBLISHER_TYPE: variable(
    z.enum(['EMBEDDED', 'KAFKA', 'GCP_PUBSUB']).default('EMBEDDED'),
    'EMBEDDED, KAFKA or GCP_PUBSUB',
  ),
  KAFKA_BROKERS: variable(
    list.pipe(z.array(address).min(1)).optional(),
    'HOST:PORT of one or more brokers, separated by commas',
  ),
  KAFKA_SSL: variable(flag.default(false), 'true or false'),
  KAFKA_SASL_MECHANISM: variable(
    z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
    'plain, scram-sha-256 or scram-sha-512',
  ),
  KAFKA_SASL_USERNAME: variable(text.optional(), 'a user name'),
  KAFKA_SASL_PASSWORD: variable(text.optional(), 'a password'),
  KAFKA_PARTITIONS: variable(whole(1, 10_000).default(12), 'partitions of a topic that the hub creates: 1 to 10000'),
  KAFKA_REPLICATION_FACTOR: variable(
    whole(1, 10).optional(),
    "copies of a topic that the hub creates: 1 to 10; the cluster's default unless set",
  ),
  GCP_PROJECT_ID: variable(
    text.regex(/^[a-z][a-z0-9.:-]{4,62}[a-z0-9]$/).optional(),
    'the id of a Google Cloud project',
  ),
  PUBSUB_TOPIC: variable(
    text.regex(/^[\w.-]{1,200}$/).default('mastodon-posts'),
    'a topic name: letters, digits, ".", "_" and "-"',
  ),
  PUBSUB_PUSH_AUDIENCE: variable(
    text.optional(),
    'the audience of the push subscription, like https://hub.example.org/pubsub/push',
  ),
  PUBSUB_PUSH_SERVICE_ACCOUNT: variable(
    text.regex(/^[^\s@]+@[^\s@]+$/).optional(),
    'the e-mail address of the service account that the push subscription uses',
  ),
  STORE_TYPE: variable(z.enum(['SQLITE', 'MONGODB']).default('SQLITE'), 'SQLITE or MONGODB'),
  MONGODB_URI: variable(
    text.regex(/^mongodb(\+srv)?:\/\/.+/).optional(),
    'a connection string of a replica set: mongodb://… or mongodb+srv://…',
  ),
  MONGODB_DATABASE: variable(text.regex(/^[^\s/\\."$*<>:|?]{1,63}$/).default('mastodon'), 'a database name'),
  MONGODB_COLLECTION: variable(text.regex(/^(?!system\.)[^\s$]{1,120}$/).default('posts'), 'a collection name'),
  SERVICE_PORT: variable(port.default(50_051), PORT),
  GRPC_SERVICE_ADDR: variable(address.optional(), 'HOST:PORT of the producer, like localhost:50051'),
  API_GATEWAY_SERVER_PORT: variable(port.default(8080), PORT),
  BIND_ADDRESS: variable(
    text.regex(/^[0-9a-z.:-]+$/i).default('127.0.0.1'),
    'the address to listen on: 127.0.0.1 for this machine alone, 0.0.0.0 for all',
  ),
  ALLOWED_ORIGINS: variable(
    list.pipe(z.array(origin)).default([]),
    'web origins that may connect, separated by commas, like https://example.org; or *',
  ),
  ACCESS_MODE: variable(
    z.enum(['open', 'token']).default('open'),
    'open: anybody may read; token: only who shows an API key or a token',
  ),
  API_KEYS: variable(
    text.optional(),
    'a JSON array of {"name", "sha256", "filter", "requestsPerMinute"}, or the path of a file that holds one',
  ),
  JWT_SECRET: variable(text.min(32).optional(), 'the secret of tokens signed with HS256: 32 characters or more'),
  JWT_PUBLIC_KEY: variable(
    text.optional(),
    'the public key of tokens signed with RS256: PEM, or the path of a file that holds it',
  ),
  JWT_JWKS_URL: variable(z.url({ protocol: /^https?$/ }).optional(), 'the URL of the keys of tokens (JWKS)'),
  JWT_ISSUER: variable(text.optional(), 'what tokens must say in iss'),
  JWT_AUDIENCE: variable(text.optional(), 'what tokens must say in aud'),
  TRUSTED_PROXIES: variable(
    list
      .pipe(z.array(proxy))
      .default([])
      .transform((proxies) => proxies.flat()),
    'addresses or subnets of proxies whose X-Forwarded-For is believed, separated by commas; loopback is 127.0.0.0/8 and ::1',
  ),
  MAX_CLIENTS: variable(count(20_000), 'connections that stay open, in all: 1 to 1000000'),
  MAX_CLIENTS_PER_ADDRESS: variable(count(200), 'the same of one address, or of one holder of a key: 1 to 1000000'),
  REQUESTS_PER_MINUTE: variable(
    count(1200),
    'requests, messages and attempts to connect of one address, or of one holder of a key: 1 to 1000000',
  ),
  MAX_REPLAYS: variable(count(16), 'clients that read their past from the store at once; others wait: 1 to 1000000'),
  FEED_GRPC_PORT: variable(port.optional(), `${PORT}; for readers that speak gRPC, none unless set`),
  DRAIN_SECONDS: variable(
    whole(0, 15).default(5),
    'a gateway that stops sends its clients to others over so long: seconds, 0 to 15',
  ),
  FRAME_INTERVAL_MS: variable(
    whole(0, 10_000).default(100),
    'under load a client gets a frame of posts so often: milliseconds, 0 to 10000',
  ),
  REACT_APP_WS_ENDPOINT: variable(
    text.optional(),
    'the URL of the gateway, for web builds of the original system; not used',
  ),
  DATA_DIR: variable(text.default('./data'), 'a folder that this user may write to'),
  RETENTION_DAYS: variable(decimal(0.01, 3650).default(7), 'how long posts are kept: days, 0.01 to 3650'),
  CONSENT: variable(z.enum(CONSENT_MODES).default('default'), CONSENT_MODES.join(', ')),
  INCLUDE_BOTS: variable(flag.default(true), 'true or false: whether accounts that say they are bots are carried'),
  BLOCKLIST_FILE: variable(text.optional(), 'the path of a file with a domain, user@host or URI of a post a line'),
  NODE_ENV: variable(text.optional(), 'production, or anything else'),
  LOG_LEVEL: variable(
    z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
    'fatal, error, warn, info, debug or trace',
  ),
  OPERATIONS_PORT: variable(port.optional(), `${PORT}; for health and metrics of an app that has no HTTP of its own`),
  SIMULATOR_PORT: variable(port.default(0), `${PORT}; 0 for any`),
  SIMULATOR_RATE: variable(decimal(0, 5000).default(5), 'events per second, 0 to 5000'),
  SIMULATOR_SEED: variable(whole(0, 4_294_967_295).default(1), 'a whole number, 0 to 4294967295'),
  SIMULATOR_CORPUS: variable(text.optional(), 'a file with one status of Mastodon JSON a line'),
} as const;

export type VariableName = keyof typeof VARIABLES;
export type Env = { [Name in VariableName]: z.infer<(typeof VARIABLES)[Name]['schema']> };
