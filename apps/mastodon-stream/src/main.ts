import { createApp, listenForOperations, run } from '@hub/runtime';
import { MastodonStreamModule } from './mastodon-stream.module.ts';

await run('mastodon-stream', async (config) => {
  const app = await createApp(MastodonStreamModule.forRoot(config));
  await listenForOperations(app, config);
  process.stdout.write(`Reading ${config.source?.server}, sending to ${config.producerAddress}.\n`);
  return app;
});
