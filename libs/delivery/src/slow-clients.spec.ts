import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { WebSocket } from 'ws';
import { openTestStore, startGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { listen } from '../../../test/support/listen.ts';

jest.setTimeout(30_000);

const WIDE = 'x'.repeat(100_000);
const STALL_TIMEOUT_MS = 300;
/** More than the buffers of a loopback connection take. */
const POSTS = 150;

/** Speaks Socket.IO by hand, so that it can stop reading once it has subscribed. */
async function subscribeAndStall(port: number): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  for (const [answer, request] of [
    ['0', '40'],
    ['40', '420["subscribe",{}]'],
    ['430', ''],
  ] as const) {
    let received = '';
    while (!received.startsWith(answer)) received = String((await once(socket, 'message'))[0]);
    if (request !== '') socket.send(request);
  }
  socket.pause();
  return socket;
}

describe('a client that reads nothing', () => {
  let resources: AsyncDisposableStack;
  let hub: TestGateway;

  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    hub = resources.use(
      await startGateway(resources.use(await openTestStore()), {
        stallTimeoutMs: STALL_TIMEOUT_MS,
        frameIntervalMs: 5,
      }),
    );
  });
  afterEach(() => resources.disposeAsync());

  async function storeMuch(): Promise<void> {
    for (let n = 0; n < POSTS; n++) {
      await hub.store.apply([anUpsert(aPost({ text: WIDE, hub: { local_id: String(n) } }))]);
    }
  }

  async function expectSlowDisconnect(transport: string): Promise<void> {
    const metric = hub.registry.getSingleMetric('hub_delivery_slow_disconnects_total')!;
    const count = async () =>
      (await metric.get()).values.find(({ labels }) => labels['transport'] === transport)?.value;
    while ((await count()) !== 1) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  it('over Socket.IO is disconnected, and the others get everything', async () => {
    using reader = await listen(hub.url);
    const stalled = await subscribeAndStall(hub.port);
    await reader.socket.emitWithAck('subscribe', {});
    await storeMuch();
    await reader.until(() => reader.events.length === POSTS);
    await expectSlowDisconnect('socketio');
    expect(reader.errors).toEqual([]);
    let received = 0;
    stalled.on('message', (text: Buffer) => (received += text.toString().split('"type":"post"').length - 1)).resume();
    await once(stalled, 'close');
    expect(received).toBeLessThan(POSTS);
  });

  it('over server-sent events is disconnected', async () => {
    const stalled = connect(hub.port, '127.0.0.1').pause();
    stalled.write(`GET /api/v1/feed HTTP/1.1\r\nHost: 127.0.0.1:${hub.port}\r\n\r\n`);
    const metric = hub.registry.getSingleMetric('hub_delivery_clients')!;
    while ((await metric.get()).values.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await storeMuch();
    await expectSlowDisconnect('sse');
    stalled.destroy();
  });
});
