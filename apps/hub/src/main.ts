import { FeedSocketAdapter } from '@hub/delivery';
import { IngestService } from '@hub/ingest';
import { SUBSCRIPTION } from '@hub/messaging';
import { MessagingServer } from '@hub/messaging/nest';
import { PROCESSING_SERVICES } from '@hub/processing';
import { PUBLISHING_SERVICES } from '@hub/publishing';
import { createApp, grpcTransport, run, stopLoudly } from '@hub/runtime';
import { startSimulator } from '@hub/simulator';
import { banner } from './banner.ts';
import { HubModule } from './hub.module.ts';

await run('hub', async (config) => {
  const simulator = config.sources.length === 0 ? await startSimulator(config.simulator) : undefined;
  const sources = simulator === undefined ? config.sources : [{ server: simulator.url, stream: 'public' as const }];
  const app = await createApp(HubModule.forRoot(config, sources), { bodyParser: false });
  app.useWebSocketAdapter(new FeedSocketAdapter(app));
  app.connectMicroservice(grpcTransport(config, [...PUBLISHING_SERVICES, ...PROCESSING_SERVICES]));
  app.connectMicroservice({ strategy: new MessagingServer(app.get(SUBSCRIPTION), { onFatal: stopLoudly }) });
  await app.startAllMicroservices();
  await app.listen(config.http.port, config.http.host);
  process.stdout.write(banner(config, simulator?.url));
  return {
    // A hub that reads its own simulator goes on doing so until servers are named.
    reload: (next) => (next.sources.length > 0 ? app.get(IngestService).setSources(next.sources) : Promise.resolve()),
    close: async () => {
      await app.close();
      await simulator?.close();
    },
  };
});
