import { expect } from '@jest/globals';
import type { GroundTruth } from '@hub/simulator';
import { getJson, send, startApp, startSimulatorApp, temporaryFolder, until } from './apps.ts';
import { startBalancer } from './balancer.ts';
import { compare, isSame, NO_DIFFERENCES, replay } from './oracle.ts';
import { Recorder } from './recorder.ts';
import { startServices } from './services.ts';

const EVENTS_PER_SECOND = 40;
const CLIENTS = 30;
const SETTLE_MS = 90_000;

/** Two gateways of one store behind a balancer are restarted one after the other, under load: every client gets everything, once. */
export async function rollingRestart(store: Record<string, string>): Promise<void> {
  await using folder = await temporaryFolder();
  const simulator = await startSimulatorApp(folder.path, { SIMULATOR_RATE: '0' });
  const services = await startServices(folder.path, { MASTODON_SERVER: simulator.url, DRAIN_SECONDS: '2', ...store });
  const second = await startApp('gateway', folder.path, 'API_GATEWAY_SERVER_PORT', services.env);
  const gateways = [services.gateway, second];
  const balancer = await startBalancer(gateways.map(({ port }) => port));
  const readers = Array.from({ length: CLIENTS }, () => new Recorder(balancer.url));
  const fewest = () => Math.min(...readers.map(({ events }) => events.length));
  const count = async () => fewest();
  try {
    await send(`${simulator.url}/simulator/rate-limit`, 'PUT', { limit: 1_000_000 });
    const subscribed = async () => readers.filter(({ cursor }) => cursor !== undefined).length;
    expect(await until(subscribed, (all) => all === CLIENTS, 30_000)).toBe(CLIENTS);
    await send(`${simulator.url}/simulator/rate`, 'PUT', { rate: EVENTS_PER_SECOND });
    await until(count, (events) => events > EVENTS_PER_SECOND, 60_000);
    for (const gateway of [...gateways, ...gateways]) {
      await gateway.stop();
      await gateway.start();
      const before = fewest();
      const after = await until(count, (events) => events > before + EVENTS_PER_SECOND, 60_000);
      expect(after).toBeGreaterThan(before + EVENTS_PER_SECOND);
    }
    await send(`${simulator.url}/simulator/pause`, 'POST');
    const truth = await getJson<GroundTruth>(`${simulator.url}/simulator/truth`);
    for (const reader of readers) {
      const differences = async () => compare(truth, replay(reader.events).held);
      expect(await until(differences, isSame, SETTLE_MS)).toEqual(NO_DIFFERENCES);
      expect({ faults: replay(reader.events).faults, errors: reader.errors, gaps: reader.gaps }).toEqual({
        faults: [],
        errors: [],
        gaps: [],
      });
    }
    expect(readers.filter(({ farewells }) => farewells > 0).length).toBe(CLIENTS);
  } finally {
    for (const reader of readers) reader.close();
    await balancer.stop();
    await second.stop();
    await services.stop();
    await simulator.process.stop();
  }
}
