import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { GroundTruth } from '@hub/simulator';
import { getJson, send, startHub, startSimulatorApp, temporaryFolder, until } from './support/apps.ts';
import { compare, isSame, NO_DIFFERENCES, replay, storedVersions } from './support/oracle.ts';
import { Recorder } from './support/recorder.ts';

/** More for a long run: npm run test:crash. */
const ROUNDS = Number(process.env['HUB_CRASH_ROUNDS'] ?? 5);
const EVENTS_PER_SECOND = 100;
const SETTLE_MS = 60_000;

it(
  `${ROUNDS} × kill -9 of the hub under load: nothing lost, nothing twice, last versions, deletions applied`,
  async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulatorApp(folder.path, { SIMULATOR_RATE: '0' });
    const hub = await startHub(folder.path, { MASTODON_SERVER: simulator.url });
    const reader = new Recorder(hub.url);
    try {
      await send(`${simulator.url}/simulator/rate-limit`, 'PUT', { limit: 1_000_000 });
      await until(
        async () => reader.cursor,
        (cursor) => cursor !== undefined,
        10_000,
      );
      await send(`${simulator.url}/simulator/rate`, 'PUT', { rate: EVENTS_PER_SECOND });
      for (let round = 0; round < ROUNDS; round++) {
        await sleep(500 + Math.random() * 2_000);
        await hub.process.kill9();
        await sleep(Math.random() * 500);
        await hub.process.start();
      }
      await sleep(1_000);
      await send(`${simulator.url}/simulator/pause`, 'POST');
      const truth = await getJson<GroundTruth>(`${simulator.url}/simulator/truth`);
      expect(truth.posts.length).toBeGreaterThan(ROUNDS * 20);
      expect(truth.deleted.length).toBeGreaterThan(0);

      const inStore = await until(async () => compare(truth, await storedVersions(hub.url)), isSame, SETTLE_MS);
      expect({ ...inStore, ...(await getJson<object>(`${hub.url}/api/v1/gaps`)) }).toEqual({
        ...NO_DIFFERENCES,
        gaps: [],
      });
      const atReader = await until(async () => compare(truth, replay(reader.events).held), isSame, SETTLE_MS);
      expect(atReader).toEqual(NO_DIFFERENCES);
      expect(replay(reader.events).faults).toEqual([]);
      expect(reader.errors).toEqual([]);
    } finally {
      reader.close();
      await hub.process.stop();
      await simulator.process.stop();
    }
  },
  120_000 + ROUNDS * 10_000,
);
