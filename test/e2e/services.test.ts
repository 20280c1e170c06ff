import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { FeedEventType } from '@hub/contracts';
import type { GroundTruth } from '@hub/simulator';
import { getJson, send, startSimulatorApp, temporaryFolder, until } from './support/apps.ts';
import { compare, isSame, NO_DIFFERENCES, replay, storedVersions } from './support/oracle.ts';
import { Recorder } from './support/recorder.ts';
import { startServices } from './support/services.ts';

const EVENTS_PER_SECOND = 50;
const SETTLE_MS = 60_000;
const SERVICES = ['mastodon-stream', 'producer', 'processor', 'gateway'] as const;

it('runs as four services of one data folder, and kill -9 of each loses nothing', async () => {
  await using folder = await temporaryFolder();
  const simulator = await startSimulatorApp(folder.path, { SIMULATOR_RATE: '0' });
  const services = await startServices(folder.path, { MASTODON_SERVER: simulator.url });
  const reader = new Recorder(services.url);
  const arrived = (type: FeedEventType) => async () => reader.events.filter((event) => event.type === type).length;
  const truth = () => getJson<GroundTruth>(`${simulator.url}/simulator/truth`);
  try {
    await send(`${simulator.url}/simulator/rate-limit`, 'PUT', { limit: 1_000_000 });
    await until(
      async () => reader.cursor,
      (cursor) => cursor !== undefined,
      10_000,
    );
    await send(`${simulator.url}/simulator/rate`, 'PUT', { rate: EVENTS_PER_SECOND });
    for (const type of ['post', 'edit', 'delete'] as const) {
      expect(await until(arrived(type), (count) => count > 0, 30_000)).toBeGreaterThan(0);
    }
    for (const name of SERVICES) {
      await services[name].kill9();
      // Long enough that the others meet its absence.
      await sleep(1_000);
      await services[name].start();
      const before = reader.events.length;
      await until(
        async () => reader.events.length,
        (count) => count > before + EVENTS_PER_SECOND,
        30_000,
      );
    }
    await send(`${simulator.url}/simulator/pause`, 'POST');
    const all = await truth();
    expect(all.posts.length).toBeGreaterThan(100);
    expect(all.deleted.length).toBeGreaterThan(0);
    expect({
      ...(await until(async () => compare(all, await storedVersions(services.url)), isSame, SETTLE_MS)),
      ...(await getJson<object>(`${services.url}/api/v1/gaps`)),
    }).toEqual({ ...NO_DIFFERENCES, gaps: [] });
    const atReader = await until(async () => compare(all, replay(reader.events).held), isSame, SETTLE_MS);
    expect(atReader).toEqual(NO_DIFFERENCES);
    expect(replay(reader.events).faults).toEqual([]);
    expect(reader.errors).toEqual([]);
  } finally {
    reader.close();
    await services.stop();
    await simulator.process.stop();
  }
}, 240_000);
