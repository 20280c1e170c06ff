import { Logger } from '@nestjs/common';
import type { SimulatorOptions } from '../options.ts';
import { startSimulator } from '../simulator.ts';
import { SimulatorClient } from './client.ts';

/** A simulator on a free port, without traffic of its own, and who steers it; to be closed by the test. */
export async function runSimulator(options: Partial<SimulatorOptions> = {}) {
  Logger.overrideLogger(false);
  const simulator = await startSimulator({ host: '127.0.0.1', port: 0, rate: 0, seed: 1, ...options });
  return { ...simulator, admin: new SimulatorClient(simulator.url) };
}
