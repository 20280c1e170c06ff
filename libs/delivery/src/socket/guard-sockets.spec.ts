import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { openTestStore, startGateway } from '../../../../test/support/gateway.ts';
import { listen } from '../../../../test/support/listen.ts';
import { DELIVERY_DEFAULTS } from '../delivery.options.ts';

describe('handshakes of Socket.IO', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  beforeAll(async () => void (opened = await openTestStore()));
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });

  it.each(['EIO=3&transport=polling', 'transport=polling'])('say which client is needed: %s', async (query) => {
    await using hub = await startGateway(opened);
    const refused = await fetch(`${hub.url}/socket.io/?${query}`);
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { code: 4, message: expect.stringMatching(/^bad_request: .*EIO=4.*socket\.io-client 3 or later/) },
    ]);
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/socket.io/?EIO=3&transport=websocket`);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    expect(await text(response)).toMatch(/^bad_request: .*EIO=4/);
  });

  it('have the headers of all answers, and nobody keeps them', async () => {
    await using hub = await startGateway(opened);
    for (const query of ['EIO=4&transport=polling', 'EIO=3&transport=polling', 'EIO=4&transport=nonsense']) {
      const { headers } = await fetch(`${hub.url}/socket.io/?${query}`);
      expect(Object.fromEntries(headers)).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('count once, also in an open hub', async () => {
    const limits = { ...DELIVERY_DEFAULTS.limits, requestsPerMinute: 3 };
    await using hub = await startGateway(opened, { limits });
    const connect = () => listen(hub.url, { reconnection: false });
    using first = await connect();
    using second = await connect();
    using third = await connect();
    expect([first, second, third].map(({ socket }) => socket.connected)).toEqual([true, true, true]);
    await expect(connect()).rejects.toThrow();
  });
});
