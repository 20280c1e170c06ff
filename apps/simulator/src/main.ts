import { run } from '@hub/runtime';
import { startSimulator } from '@hub/simulator';

await run('simulator', async ({ simulator }) => {
  const running = await startSimulator(simulator);
  process.stdout.write(`A simulated Mastodon server is at ${running.url}: MASTODON_SERVER=${running.url} npm start\n`);
  return running;
});
