import { FeedSocketAdapter } from '@hub/delivery';
import { createApp, run } from '@hub/runtime';
import { GatewayModule } from './gateway.module.ts';

await run('gateway', async (config) => {
  const app = await createApp(GatewayModule.forRoot(config), { bodyParser: false });
  app.useWebSocketAdapter(new FeedSocketAdapter(app));
  await app.listen(config.http.port, config.http.host);
  process.stdout.write(`The gateway serves readers on http://${config.http.host}:${config.http.port}/.\n`);
  return app;
});
