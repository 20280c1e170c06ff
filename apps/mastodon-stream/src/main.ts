import { IngestService } from '@hub/ingest';
import { createApp, listenForOperations, run } from '@hub/runtime';
import { MastodonStreamModule } from './mastodon-stream.module.ts';

await run('mastodon-stream', async (config) => {
  const app = await createApp(MastodonStreamModule.forRoot(config));
  await listenForOperations(app, config);
  const servers = new Set(config.sources.map(({ server }) => server));
  process.stdout.write(`Reading ${[...servers].join(', ')}, sending to ${config.producerAddress}.\n`);
  return {
    reload: ({ sources }) => app.get(IngestService).setSources(sources),
    close: () => app.close(),
  };
});
