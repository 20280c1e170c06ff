import { SUBSCRIPTION } from '@hub/messaging';
import { MessagingServer } from '@hub/messaging/nest';
import { PROCESSING_SERVICES } from '@hub/processing';
import { PUBLISHING_SERVICES } from '@hub/publishing';
import { createApp, grpcTransport, run, stopLoudly } from '@hub/runtime';
import { startSimulator } from '@hub/simulator';
import { banner } from './banner.ts';
import { HubModule } from './hub.module.ts';

await run('hub', async (config) => {
  const simulator = config.source === undefined ? await startSimulator(config.simulator) : undefined;
  const source = config.source ?? { server: simulator?.url ?? '', stream: 'public' as const };
  const app = await createApp(HubModule.forRoot(config, source));
  app.connectMicroservice(grpcTransport(config, [...PUBLISHING_SERVICES, ...PROCESSING_SERVICES]));
  app.connectMicroservice({ strategy: new MessagingServer(app.get(SUBSCRIPTION), { onFatal: stopLoudly }) });
  await app.startAllMicroservices();
  await app.listen(config.http.port, config.http.host);
  process.stdout.write(banner(config, source));
  return {
    close: async () => {
      await app.close();
      await simulator?.close();
    },
  };
});
