import { SUBSCRIPTION } from '@hub/messaging';
import { MessagingServer } from '@hub/messaging/nest';
import { PROCESSING_SERVICES } from '@hub/processing';
import { createApp, grpcTransport, isPushed, listenForOperations, pushModules, run, stopLoudly } from '@hub/runtime';
import { ProcessorModule } from './processor.module.ts';

await run('processor', async (config) => {
  const app = await createApp(ProcessorModule.forRoot(config, await pushModules(config)), {
    bodyParser: !isPushed(config),
  });
  app.connectMicroservice(grpcTransport(config, PROCESSING_SERVICES));
  app.connectMicroservice({ strategy: new MessagingServer(app.get(SUBSCRIPTION), { onFatal: stopLoudly }) });
  await app.startAllMicroservices();
  await listenForOperations(app, config);
  process.stdout.write(
    `The processor reads ${config.messaging.topic} and serves gRPC on ${config.grpc.host}:${config.grpc.port}.\n`,
  );
  return app;
});
