import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { readEnv, toConfig, type Config } from '@hub/config';
import { GenericPubSubServiceService, type PubSubGenericMessage } from '@hub/contracts/proto';
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
  /** Resolves when the producer has acknowledged the stream. */
  publish(messages: readonly PubSubGenericMessage[]): Promise<void>;
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
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  await promisify(client.waitForReady.bind(client))(Date.now() + 5_000);
  let running = true;
  const stop = async () => {
    if (!running) return;
    running = false;
    client.close();
    await app.close();
  };
  return {
    store: app.get<Store>(STORE),
    dataDir,
    publish: (messages) => publish(client, messages),
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function publish(client: Client, messages: readonly PubSubGenericMessage[]): Promise<void> {
  const { path, requestSerialize, responseDeserialize } = GenericPubSubServiceService.publish;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const call = client.makeClientStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    new Metadata(),
    {},
    (error, answer) =>
      error === null && answer?.success === true ? resolve() : reject(error ?? new Error('not acknowledged')),
  );
  for (const message of messages) {
    if (!call.write(message)) await new Promise<void>((drained) => call.once('drain', drained));
  }
  call.end();
  return promise;
}
