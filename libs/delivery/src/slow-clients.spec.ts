import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { PostsFrame } from '@hub/contracts';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { WebSocket } from 'ws';
import { openTestStore, startGateway, type TestGateway } from '../../../test/support/gateway.ts';
import { listen } from '../../../test/support/listen.ts';

jest.setTimeout(60_000);

const WIDE = 'x'.repeat(100_000);
/** Longer than a busy machine keeps a client waiting that does read. */
const STALL_TIMEOUT_MS = 4000;
/** More than the buffers of a loopback connection take. */
const POSTS = 150;
const BATCH = 5;
/** Longer than the test. */
const NO_STALL_MS = 60_000;

/** Speaks Socket.IO by hand, so that it can stop reading once it has subscribed. Its texts are not deflated: they fill buffers. */
async function subscribeAndStall(port: number): Promise<WebSocket> {
  const url = `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(url, { perMessageDeflate: false });
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
    for (let n = 0; n < POSTS; n += BATCH) {
      const posts = Array.from({ length: BATCH }, (_, i) => aPost({ text: WIDE, hub: { local_id: String(n + i) } }));
      await hub.store.apply(posts.map((post) => anUpsert(post)));
    }
  }

  async function expectSlowDisconnect(transport: string): Promise<void> {
    const metric = hub.registry.getSingleMetric('hub_delivery_slow_disconnects_total')!;
    const count = async () =>
      (await metric.get()).values.find(({ labels }) => labels['transport'] === transport)?.value;
    while (((await count()) ?? 0) < 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await count()).toBe(1);
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

  it('that reads on in time is told that it lagged and gets everything, of each post the last version', async () => {
    await hub.stop();
    hub = resources.use(await startGateway(hub.store, { stallTimeoutMs: NO_STALL_MS, frameIntervalMs: 5 }));
    const slow = await subscribeAndStall(hub.port);
    using other = await listen(hub.url);
    await other.socket.emitWithAck('subscribe', { filter: { keyword: ['version'] } });
    await storeMuch();
    const often = aPost({ text: 'version 0', hub: { local_id: 'often' } });
    await hub.store.apply([anUpsert(often)]);
    for (let n = 1; n <= 5; n++) {
      const edited_at = new Date(Date.UTC(2026, 10, 2, n)).toISOString();
      await hub.store.apply([anUpsert({ ...often, edited_at, content: `version ${n}` }, { edited: true })]);
    }
    // All versions are in the gateway's log before the slow client reads on.
    await other.until(() => other.events.some(({ data }) => 'content' in data && data.content === 'version 5'));
    const seen: string[] = [];
    const lagging: number[] = [];
    const done = Promise.withResolvers<void>();
    slow.on('message', (message: Buffer) => {
      const text = message.toString();
      if (!text.startsWith('42')) return;
      const [event, data] = JSON.parse(text.slice(2)) as ['posts', PostsFrame] | ['lagging', { behind: number }];
      if (event === 'lagging') return void lagging.push(data.behind);
      for (const { data: post } of data.events)
        seen.push('edited_at' in post && post.edited_at ? post.content : post.id);
      if (seen.includes('version 5')) done.resolve();
    });
    slow.resume();
    await done.promise;
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => id !== often.id).length).toBe(POSTS + 1);
    expect(lagging.length).toBeGreaterThan(0);
    slow.terminate();
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
