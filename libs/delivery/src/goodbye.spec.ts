import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { openTestStore, startGateway } from '../../../test/support/gateway.ts';
import { bySocket, bySse, type Hands } from '../../../test/support/pausable-readers.ts';

/** ws waits for 30 s for a client that does not answer. */
const PROMPT_MS = 15_000;

let opened: Awaited<ReturnType<typeof openTestStore>>;
beforeAll(async () => void (opened = await openTestStore()));
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
});

it('who reads nothing, not even that the gateway stops, does not hold up its stop', async () => {
  const gateway = await startGateway(opened, { drainMs: 0, stallTimeoutMs: 60_000 });
  const from = await opened.head();
  const begun = (open: (hands: Hands) => { pause(): void; close(): void }) =>
    new Promise<{ close(): void }>((resolve) => {
      const reading = open({
        take: () => undefined,
        ended: () => undefined,
        changed: () => (reading.pause(), resolve(reading)),
      });
    });
  const readings = await Promise.all([
    begun((hands) => bySocket(gateway.port)(from, {}, hands)),
    begun((hands) => bySse(gateway.port)(from, {}, hands)),
  ]);
  const mastodon = new WebSocket(`ws://127.0.0.1:${gateway.port}/api/v1/streaming?stream=public`);
  await once(mastodon, 'open');
  mastodon.pause();
  const content = 'x'.repeat(200_000);
  for (let n = 0; n < 40; n++) await opened.apply([anUpsert(aPost({ content, hub: { local_id: String(n) } }))]);
  const started = performance.now();
  await gateway.stop();
  expect(performance.now() - started).toBeLessThan(PROMPT_MS);
  for (const reading of readings) reading.close();
  mastodon.terminate();
}, 60_000);
