import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { GroundTruth } from '@hub/simulator';
import { describeWith } from '../servers/describe-with.ts';
import { KAFKA_PROBE, startKafka } from '../servers/kafka/start-kafka.ts';
import { startMongo } from '../servers/mongo.ts';
import { PUBSUB_PROBE, PUBSUB_PURPOSE, startPubSub } from '../servers/pubsub/start-pubsub.ts';
import { getJson, send, startSimulatorApp, temporaryFolder, until } from '../e2e/support/apps.ts';
import { compare, isSame, NO_DIFFERENCES, replay } from '../e2e/support/oracle.ts';
import { Recorder } from '../e2e/support/recorder.ts';
import { startServices, type RunningServices } from '../e2e/support/services.ts';
import { deadPoison, POISON_ALONE, publishPoison } from './poison.ts';

const WITHIN_MS = 60_000;

describeWith(KAFKA_PROBE, 'Maven brings Kafka', 'a .env with Kafka', () => {
  describeWith(PUBSUB_PROBE, PUBSUB_PURPOSE, 'then with Pub/Sub', () => {
    let kafka: Awaited<ReturnType<typeof startKafka>>;
    let pubsub: Awaited<ReturnType<typeof startPubSub>>;
    let mongo: Awaited<ReturnType<typeof startMongo>>;

    beforeAll(async () => {
      [kafka, pubsub, mongo] = await Promise.all([startKafka(), startPubSub(), startMongo()]);
    }, 180_000);

    afterAll(async () => {
      await Promise.all([kafka.stop(), pubsub.stop(), mongo.stop()]);
    });

    const writeEnv = (dir: string, publisher: string, source: string) =>
      writeFile(
        join(dir, '.env'),
        [
          `PUBLISHER_TYPE=${publisher}`,
          `KAFKA_BROKERS=${kafka.brokers.join()}`,
          `GCP_PROJECT_ID=${pubsub.projectId}`,
          `PUBSUB_EMULATOR_HOST=${pubsub.host}`,
          'STORE_TYPE=MONGODB',
          `MONGODB_URI=${mongo.uri}`,
          `MASTODON_SERVER=${source}`,
        ].join('\n'),
      );

    /** The flow goes on, and what cannot be read is among the dead letters of this broker. */
    async function flows(reader: Recorder, services: RunningServices, dir: string): Promise<void> {
      await publishPoison(services.producerAddress);
      const before = reader.events.length;
      await until(
        async () => reader.events.length,
        (count) => count > before + 40,
        WITHIN_MS,
      );
      expect(reader.events.length).toBeGreaterThan(before + 40);
      expect(
        await until(
          () => deadPoison(dir),
          ({ some }) => some,
          WITHIN_MS,
        ),
      ).toEqual(POISON_ALONE);
    }

    it('goes on where it was when the four services have been started again', async () => {
      await using folder = await temporaryFolder();
      const simulator = await startSimulatorApp(folder.path, { SIMULATOR_RATE: '0' });
      await writeEnv(folder.path, 'KAFKA', simulator.url);
      const services = await startServices(folder.path, {});
      const reader = new Recorder(services.url);
      try {
        await until(
          async () => reader.cursor,
          (cursor) => cursor !== undefined,
          WITHIN_MS,
        );
        await send(`${simulator.url}/simulator/rate`, 'PUT', { rate: 20 });
        await flows(reader, services, folder.path);
        await services.stop();
        await writeEnv(folder.path, 'GCP_PUBSUB', simulator.url);
        for (const name of ['producer', 'processor', 'gateway', 'mastodon-stream'] as const)
          await services[name].start();
        await flows(reader, services, folder.path);
        await send(`${simulator.url}/simulator/pause`, 'POST');
        const truth = await getJson<GroundTruth>(`${simulator.url}/simulator/truth`);
        const atReader = await until(async () => compare(truth, replay(reader.events).held), isSame, WITHIN_MS);
        expect(atReader).toEqual(NO_DIFFERENCES);
        expect(replay(reader.events).faults).toEqual([]);
        expect(reader.errors).toEqual([]);
      } finally {
        reader.close();
        await services.stop();
        await simulator.process.stop();
      }
    }, 300_000);
  });
});
