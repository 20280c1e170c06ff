import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { GroundTruth } from '@hub/simulator';
import { describeWith } from '../servers/describe-with.ts';
import { KAFKA_PROBE, startKafka } from '../servers/kafka/start-kafka.ts';
import { startMongo } from '../servers/mongo.ts';
import { PUBSUB_PROBE, PUBSUB_PURPOSE, startPubSub } from '../servers/pubsub/start-pubsub.ts';
import { getJson, send, startSimulatorApp, temporaryFolder, until } from '../e2e/support/apps.ts';
import { compare, isSame, NO_DIFFERENCES, replay, storedVersions } from '../e2e/support/oracle.ts';
import { Recorder } from '../e2e/support/recorder.ts';
import { startServices } from '../e2e/support/services.ts';
import { deadPoison, POISON_ALONE, publishPoison } from './poison.ts';

/** Each kills every victim once, in random order. More for a long run: HUB_CHAOS_ROUNDS=20 npm run test:chaos. */
const ROUNDS = Number(process.env['HUB_CHAOS_ROUNDS'] ?? 1);
const EVENTS_PER_SECOND = 30;
const SETTLE_MS = 120_000;
const TIMEOUT_MS = 300_000 + ROUNDS * 120_000;
const SERVICES = ['mastodon-stream', 'producer', 'processor', 'gateway'] as const;

interface Victim {
  name: string;
  kill9(): Promise<void>;
  restart(): Promise<void>;
}

/** kill -9 of everything under load, then the oracle. `backends` are victims too; `broker` is the messaging environment. */
async function survive(broker: Record<string, string>, mongoUri: string, backends: readonly Victim[]): Promise<void> {
  await using folder = await temporaryFolder();
  const simulator = await startSimulatorApp(folder.path, { SIMULATOR_RATE: '0' });
  const store = { STORE_TYPE: 'MONGODB', MONGODB_URI: mongoUri };
  const services = await startServices(folder.path, { MASTODON_SERVER: simulator.url, ...broker, ...store });
  const reader = new Recorder(services.url);
  const own = SERVICES.map((name) => ({
    name,
    kill9: () => services[name].kill9(),
    restart: () => services[name].start(),
  }));
  try {
    await send(`${simulator.url}/simulator/rate-limit`, 'PUT', { limit: 1_000_000 });
    await until(
      async () => reader.cursor,
      (cursor) => cursor !== undefined,
      20_000,
    );
    await send(`${simulator.url}/simulator/rate`, 'PUT', { rate: EVENTS_PER_SECOND });
    await until(
      async () => reader.events.length,
      (count) => count > EVENTS_PER_SECOND,
      30_000,
    );
    await publishPoison(services.producerAddress);
    for (const victim of Array.from({ length: ROUNDS }, () => shuffled([...own, ...backends])).flat()) {
      await victim.kill9();
      await sleep(500 + Math.random() * 1_500);
      await victim.restart();
      await sleep(500 + Math.random() * 3_000);
    }
    await send(`${simulator.url}/simulator/pause`, 'POST');
    const truth = await getJson<GroundTruth>(`${simulator.url}/simulator/truth`);
    expect(truth.posts.length).toBeGreaterThan(100);
    const inStore = await until(
      () => eventually(async () => compare(truth, await storedVersions(services.url))),
      isSame,
      SETTLE_MS,
    );
    expect({ ...inStore, ...(await getJson<object>(`${services.url}/api/v1/gaps`)) }).toEqual({
      ...NO_DIFFERENCES,
      gaps: [],
    });
    const atReader = await until(async () => compare(truth, replay(reader.events).held), isSame, SETTLE_MS);
    expect(atReader).toEqual(NO_DIFFERENCES);
    expect(replay(reader.events).faults).toEqual([]);
    expect(reader.errors).toEqual([]);
    expect(await deadPoison(folder.path, services.env)).toEqual(POISON_ALONE);
  } finally {
    reader.close();
    await services.stop();
    await simulator.process.stop();
  }
}

/** A gateway whose database was just killed may answer 503: then everything is missing still. */
async function eventually(ask: () => Promise<ReturnType<typeof compare>>): Promise<ReturnType<typeof compare>> {
  try {
    return await ask();
  } catch (error) {
    return { ...NO_DIFFERENCES, missing: [String(error)] };
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

describeWith(KAFKA_PROBE, 'Maven brings Kafka', 'Kafka and MongoDB', () => {
  let kafka: Awaited<ReturnType<typeof startKafka>>;
  let mongo: Awaited<ReturnType<typeof startMongo>>;

  beforeAll(async () => {
    [kafka, mongo] = await Promise.all([startKafka(), startMongo()]);
  }, 180_000);

  afterAll(async () => {
    await Promise.all([kafka.stop(), mongo.stop()]);
  });

  it(
    'lose nothing by kill -9 of any service, the broker and the database',
    async () => {
      const env = { PUBLISHER_TYPE: 'KAFKA', KAFKA_BROKERS: kafka.brokers.join(), KAFKA_PARTITIONS: '4' };
      const database = { name: 'database', kill9: () => mongo.kill9(), restart: () => mongo.restart() };
      const broker = { name: 'broker', kill9: () => kafka.kill9(), restart: () => kafka.restart() };
      await survive(env, mongo.uri, [broker, database]);
    },
    TIMEOUT_MS,
  );
});

describeWith(PUBSUB_PROBE, PUBSUB_PURPOSE, 'Pub/Sub and MongoDB', () => {
  let pubsub: Awaited<ReturnType<typeof startPubSub>>;
  let mongo: Awaited<ReturnType<typeof startMongo>>;

  beforeAll(async () => {
    [pubsub, mongo] = await Promise.all([startPubSub(), startMongo()]);
  }, 180_000);

  afterAll(async () => {
    await Promise.all([pubsub.stop(), mongo.stop()]);
  });

  // The fake keeps messages in memory: killing it would lose what Google's own service does not.
  it(
    'lose nothing by kill -9 of any service and the database',
    async () => {
      const env = { PUBLISHER_TYPE: 'GCP_PUBSUB', GCP_PROJECT_ID: pubsub.projectId, PUBSUB_EMULATOR_HOST: pubsub.host };
      const database = { name: 'database', kill9: () => mongo.kill9(), restart: () => mongo.restart() };
      await survive(env, mongo.uri, [database]);
    },
    TIMEOUT_MS,
  );
});
