import { join } from 'node:path';
import { freePort } from '../../servers/server-process.ts';
import { startApp } from './apps.ts';

type Service = Awaited<ReturnType<typeof startApp>>;

/** The four services as processes of their own, and where to ask them. */
export interface RunningServices {
  producer: Service;
  processor: Service;
  'mastodon-stream': Service;
  gateway: Service;
  /** Of the gateway. */
  url: string;
  /** host:port of the producer's gRPC. */
  producerAddress: string;
  dataDir: string;
  /** The environment that they share. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts them one after another: whoever is sent to before who sends. The port of each tells that it is up. */
export async function startServices(dir: string, env: Record<string, string>): Promise<RunningServices> {
  const [grpcPort, processorPort] = [await freePort(), await freePort()];
  const dataDir = join(dir, 'data');
  const producerAddress = `127.0.0.1:${grpcPort}`;
  const common = { DATA_DIR: dataDir, GRPC_SERVICE_ADDR: producerAddress, ...env };
  const start = (app: string, port: string, more: Record<string, string> = {}) =>
    startApp(app, dir, port, { ...common, ...more });
  const producer = await start('producer', 'OPERATIONS_PORT', { SERVICE_PORT: String(grpcPort) });
  const processor = await start('processor', 'OPERATIONS_PORT', { SERVICE_PORT: String(processorPort) });
  const gateway = await start('gateway', 'API_GATEWAY_SERVER_PORT');
  const reader = await start('mastodon-stream', 'OPERATIONS_PORT');
  return {
    producer,
    processor,
    gateway,
    'mastodon-stream': reader,
    url: `http://127.0.0.1:${gateway.port}`,
    producerAddress,
    dataDir,
    env: common,
    async stop() {
      for (const service of [reader, producer, processor, gateway]) await service.stop();
    },
  };
}
