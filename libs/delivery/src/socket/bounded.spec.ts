import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { openTestStore, startGateway } from '../../../../test/support/gateway.ts';
import { bySocket, bySse, type Open } from '../../../../test/support/pausable-readers.ts';

const POSTS = 80;
const CONTENT = 'x'.repeat(200_000);
/** What the connection takes in (4 MB on Linux), a buffer of 1 MB, and a frame. */
const ENOUGH_BYTES = 8_000_000;

let opened: Awaited<ReturnType<typeof openTestStore>>;
beforeAll(async () => void (opened = await openTestStore()));
afterAll(async () => {
  await opened[Symbol.asyncDispose]();
});

it('a live client that reads nothing is given no more, also when posts come one by one', async () => {
  await using gateway = await startGateway(opened, { frameIntervalMs: 0, stallTimeoutMs: 60_000, drainMs: 0 });
  const from = await opened.head();
  let next = Promise.withResolvers<void>();
  const begin = async (open: Open, take: () => void) => {
    const begun = Promise.withResolvers<void>();
    const reading = open(from, {}, { take, ended: () => undefined, changed: () => begun.resolve() });
    await begun.promise;
    return reading;
  };
  const stalled = await begin(bySocket(gateway.port), () => undefined);
  stalled.pause();
  const other = await begin(bySse(gateway.port), () => next.resolve());
  for (let n = 1; n <= POSTS; n++) {
    next = Promise.withResolvers();
    await opened.apply([anUpsert(aPost({ content: CONTENT, hub: { local_id: String(n) } }))]);
    await next.promise;
  }
  const { values } = await gateway.registry.getSingleMetric('hub_delivery_sent_bytes_total')!.get();
  expect(values.find(({ labels }) => labels['transport'] === 'socketio')?.value).toBeLessThan(ENOUGH_BYTES);
  other.close();
  stalled.close();
}, 60_000);
