import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { ConfigError, readEnv, toConfig, VARIABLES } from './index.ts';

function problemsOf(env: Record<string, string>): string {
  try {
    readEnv(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('the environment', () => {
  it('needs nothing: the hub runs on the embedded drivers and the simulator', () => {
    const config = toConfig('hub', readEnv({}));
    expect(config.sources).toEqual([]);
    expect(config.messaging.type).toBe('EMBEDDED');
    expect(config.storage.type).toBe('SQLITE');
    expect(config.http).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(config.delivery).toMatchObject({ allowedOrigins: [], frameIntervalMs: 100, access: { mode: 'open' } });
  });

  it("accepts the original's forms", () => {
    const env = readEnv({
      API_GATEWAY_SERVER_PORT: ':9090',
      MASTODON_SERVER: 'mastodon.social',
      MASTODON_CLIENT_ID: 'x',
    });
    expect(env.API_GATEWAY_SERVER_PORT).toBe(9090);
    expect(env.MASTODON_SERVER).toBe('https://mastodon.social');
    expect(readEnv({ MASTODON_SERVER: 'http://localhost:3000/' }).MASTODON_SERVER).toBe('http://localhost:3000');
  });

  it('takes an empty variable as an unset one', () => {
    expect(readEnv({ RETENTION_DAYS: ' ', MASTODON_SERVER: '' }).RETENTION_DAYS).toBe(7);
  });

  it('names every variable that is wrong and what it accepts, and no value', () => {
    const message = problemsOf({
      PUBLISHER_TYPE: 'KAFFKA-s3cret',
      RETENTION_DAYS: 'seven-s3cret',
      SERVICE_PORT: '70000',
    });
    expect(message).toContain('PUBLISHER_TYPE: accepts EMBEDDED, KAFKA or GCP_PUBSUB');
    expect(message).toContain('RETENTION_DAYS: accepts how long posts are kept');
    expect(message).toContain('SERVICE_PORT: accepts a port number');
    expect(message).not.toContain('s3cret');
    expect(message).not.toContain('70000');
  });

  it.each(['MASTODON_SERVR', 'PUBLISHER_TYP', 'STORE_TYPES', 'RETENTION_DAY', 'Data_Dir1'])(
    'knows %s for a slip',
    (name) => {
      expect(problemsOf({ [name]: 's3cret' })).toMatch(/did you mean [A-Z_]+\?/);
      expect(problemsOf({ [name]: 's3cret' })).not.toContain('s3cret');
    },
  );

  it('does not mind variables of others', () => {
    expect(
      problemsOf({ PATH: '/bin', HOME: '/root', PUBSUB_EMULATOR_HOST: 'localhost:1', NODE_ENV: 'production' }),
    ).toBe('');
  });

  it('says what an app cannot do without', () => {
    expect(() => toConfig('mastodon-stream', readEnv({}))).toThrow('MASTODON_SERVER: is not set');
    expect(() => toConfig('hub', readEnv({ MASTODON_ACCESS_TOKEN: 's3cret' }))).toThrow('MASTODON_SERVER: is not set');
  });

  it("reads the original's Kafka, Pub/Sub and MongoDB settings", () => {
    const kafka = toConfig('producer', readEnv({ PUBLISHER_TYPE: 'KAFKA', KAFKA_BROKERS: 'a:9092, b:9092' }));
    expect(kafka.messaging).toMatchObject({ type: 'KAFKA', kafka: { brokers: ['a:9092', 'b:9092'], ssl: false } });
    const pubsub = toConfig('producer', readEnv({ PUBLISHER_TYPE: 'GCP_PUBSUB', GCP_PROJECT_ID: 'my-project' }));
    expect(pubsub.messaging).toMatchObject({ projectId: 'my-project', topic: 'mastodon-posts' });
    const push = toConfig(
      'processor',
      readEnv({
        OPERATIONS_PORT: '8081',
        PUBLISHER_TYPE: 'GCP_PUBSUB',
        GCP_PROJECT_ID: 'my-project',
        PUBSUB_PUSH_AUDIENCE: 'https://a.example/pubsub/push',
        PUBSUB_PUSH_SERVICE_ACCOUNT: 'push@my-project.iam.gserviceaccount.com',
      }),
    );
    expect(push.messaging).toMatchObject({
      push: {
        audience: 'https://a.example/pubsub/push',
        serviceAccount: 'push@my-project.iam.gserviceaccount.com',
      },
    });
    const mongo = toConfig('gateway', readEnv({ STORE_TYPE: 'MONGODB', MONGODB_URI: 'mongodb://h/?replicaSet=rs0' }));
    expect(mongo.storage).toMatchObject({ database: 'mastodon', collection: 'posts' });
  });

  it.each([
    [{ PUBLISHER_TYPE: 'KAFKA' }, 'KAFKA_BROKERS: is not set'],
    [
      { PUBLISHER_TYPE: 'KAFKA', KAFKA_BROKERS: 'a:1', KAFKA_SASL_MECHANISM: 'plain' },
      'KAFKA_SASL_USERNAME: is not set',
    ],
    [{ PUBLISHER_TYPE: 'GCP_PUBSUB' }, 'GCP_PROJECT_ID: is not set'],
    [
      { PUBLISHER_TYPE: 'GCP_PUBSUB', GCP_PROJECT_ID: 'my-project', PUBSUB_PUSH_AUDIENCE: 'https://a.example' },
      'PUBSUB_PUSH_SERVICE_ACCOUNT: is not set',
    ],
    [
      { PUBLISHER_TYPE: 'GCP_PUBSUB', GCP_PROJECT_ID: 'my-project', PUBSUB_PUSH_SERVICE_ACCOUNT: 'a@b.example' },
      'PUBSUB_PUSH_AUDIENCE: is not set',
    ],
    [{ STORE_TYPE: 'MONGODB' }, 'MONGODB_URI: is not set'],
  ])('needs what the chosen driver needs: %j', (env, message) => {
    expect(() => toConfig('hub', readEnv(env))).toThrow(message);
  });

  it('never falls back to another broker or store in silence', () => {
    for (const name of ['PUBLISHER_TYPE', 'STORE_TYPE', 'CONSENT'])
      expect(problemsOf({ [name]: 'other' })).toContain(`${name}: accepts`);
  });
});

describe('.env.example', () => {
  const example = parseEnv(readFileSync('.env.example', 'utf8'));

  it('lists every variable', () => {
    expect(Object.keys(example).sort()).toEqual(Object.keys(VARIABLES).sort());
  });

  it('works as it is, and shows the defaults', () => {
    expect(toConfig('hub', readEnv(example))).toEqual(toConfig('hub', readEnv({})));
  });
});
