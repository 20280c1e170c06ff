import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnv, toConfig, type Config } from '@hub/config';
import { SUBSCRIPTION } from '@hub/messaging';
import { MessagingServer } from '@hub/messaging/nest';
import { ProcessingModule } from '@hub/processing';
import { PUBLISHING_SERVICES, PublishingModule } from '@hub/publishing';
import {
  createApp,
  grpcTransport,
  loggingModule,
  MessagingModule,
  OperationsModule,
  StorageModule,
} from '@hub/runtime';
import { STORE, type Store } from '@hub/storage';
import { Module, type DynamicModule } from '@nestjs/common';

/** Producer, log, processor and store, as the hub has them. */
@Module({})
class SystemModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: SystemModule,
      imports: [
        loggingModule(config),
        OperationsModule,
        StorageModule.forRoot(config),
        MessagingModule.forRoot(config, ['publish', 'consume']),
        PublishingModule.forRoot({ consent: config.consent }),
        ProcessingModule.forRoot({ consent: config.consent }),
      ],
    };
  }
}

export interface System {
  store: Store;
  dataDir: string;
  /** Stops it; the files stay. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The pipeline in this process, on files of its own. */
export async function startSystem(port: number): Promise<System> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-bench-'));
  const env = { DATA_DIR: dataDir, SERVICE_PORT: String(port), LOG_LEVEL: 'error' };
  const config = toConfig('hub', readEnv(env));
  const app = await createApp(SystemModule.forRoot(config));
  app.connectMicroservice(grpcTransport(config, PUBLISHING_SERVICES));
  app.connectMicroservice({ strategy: new MessagingServer(app.get(SUBSCRIPTION)) });
  await app.startAllMicroservices();
  await app.init();
  let running = true;
  const stop = async () => {
    if (!running) return;
    running = false;
    await app.close();
  };
  return {
    store: app.get<Store>(STORE),
    dataDir,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
