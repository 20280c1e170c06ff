import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { HubError } from '@hub/contracts';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { RunningSimulator, SimulatorOptions } from './options.ts';
import { Simulation } from './simulation.ts';
import { SimulatorModule } from './simulator.module.ts';
import { SocketEndpoint } from './stream/socket-endpoint.ts';

const EXPOSED_HEADERS = ['Link', 'X-RateLimit-Reset', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-Request-Id'];

/**
 * Starts a Mastodon-compatible server. It answers when the promise resolves.
 * @throws HubError invalid_config when the port or the corpus cannot be used
 */
export async function startSimulator(options: SimulatorOptions): Promise<RunningSimulator> {
  const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
  const url = await listen(server, options);
  try {
    const simulation = new Simulation(options, url);
    const adapter = new ExpressAdapter();
    adapter.disable('x-powered-by');
    const app = await NestFactory.create(SimulatorModule.around(simulation), adapter, {
      abortOnError: false,
      logger: ['warn', 'error', 'fatal'],
    });
    app.enableCors({ origin: '*', exposedHeaders: EXPOSED_HEADERS });
    await app.init();
    server.on('request', adapter.getInstance<RequestListener>());
    new SocketEndpoint(simulation).attach(server);
    simulation.start();
    const unanswered = countUnanswered(server);
    return { url, unanswered, close: () => close(server, simulation, () => app.close()) };
  } catch (error) {
    server.close();
    throw error;
  }
}

/** The port comes first: the server's addresses stand in everything that it tells. */
async function listen(server: Server, { host, port, tls }: SimulatorOptions): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new HubError('invalid_config', `the simulator cannot listen on ${host} port ${port}: choose another port`, {
      cause,
    });
  }
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `${tls === undefined ? 'http' : 'https'}://${name.includes(':') ? `[${name}]` : name}:${bound}`;
}

function countUnanswered(server: Server): () => number {
  let count = 0;
  server.on('request', ({ url = '' }, response) => {
    if (!url.startsWith('/api/') || url.startsWith('/api/v1/streaming')) return;
    count += 1;
    response.on('close', () => (count -= 1));
  });
  return () => count;
}

async function close(server: Server, simulation: Simulation, closeApp: () => Promise<void>): Promise<void> {
  if (!server.listening) return;
  simulation.stop();
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  await closeApp();
}
