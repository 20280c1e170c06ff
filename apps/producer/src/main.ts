import { PUBLISHING_SERVICES } from '@hub/publishing';
import { createApp, grpcTransport, listenForOperations, run } from '@hub/runtime';
import { ProducerModule } from './producer.module.ts';

await run('producer', async (config) => {
  const app = await createApp(ProducerModule.forRoot(config));
  app.connectMicroservice(grpcTransport(config, PUBLISHING_SERVICES));
  await app.startAllMicroservices();
  await listenForOperations(app, config);
  process.stdout.write(`The producer listens on ${config.grpc.host}:${config.grpc.port} (gRPC).\n`);
  return app;
});
