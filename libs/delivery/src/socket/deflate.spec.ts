import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PostsFrame } from '@hub/contracts';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { WebSocket, type PerMessageDeflateOptions } from 'ws';
import { openTestStore, startGateway, type TestGateway } from '../../../../test/support/gateway.ts';

jest.setTimeout(30_000);

const POSTS = 40;

/** A WebSocket that has subscribed over Socket.IO by hand. */
class HandClient implements Disposable {
  readonly socket: WebSocket;
  readonly events: PostsFrame['events'] = [];
  readonly answers: string[] = [];

  constructor(url: string, perMessageDeflate: boolean | PerMessageDeflateOptions) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate,
    });
    this.socket.on('message', (data: Buffer) => this.#hear(data.toString()));
  }

  /** Bytes that came over the connection. */
  get bytes(): number {
    return (Reflect.get(this.socket, '_socket') as Socket).bytesRead;
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this.socket, 'message');
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }

  #hear(text: string): void {
    if (text.startsWith('0{')) this.socket.send('40');
    else if (text.startsWith('40{')) this.socket.send('420["subscribe",{}]');
    else if (text.startsWith('43')) this.answers.push(text);
    else if (text.startsWith('42["posts"')) {
      this.events.push(...(JSON.parse(text.slice(2)) as [string, PostsFrame])[1].events);
    }
  }
}

describe('frames that stock clients get', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let hub: TestGateway;
  let stored = 0;
  beforeAll(async () => {
    opened = await openTestStore();
    hub = await startGateway(opened);
  });
  afterAll(async () => {
    await hub.stop();
    await opened[Symbol.asyncDispose]();
  });

  /** Stores posts and has a live client receive them; tells how many bytes that were of how many of JSON. */
  async function receive(perMessageDeflate: boolean | PerMessageDeflateOptions): Promise<{ part: number }> {
    using client = new HandClient(hub.url, perMessageDeflate);
    await client.until(() => client.answers.length === 1);
    const before = client.bytes;
    const posts = Array.from({ length: POSTS }, () => aPost({ hub: { local_id: String(++stored) } }));
    await hub.store.apply(posts.map((post) => anUpsert(post)));
    await client.until(() => client.events.length === POSTS);
    expect(client.events.map(({ data }) => data)).toEqual(posts);
    return { part: (client.bytes - before) / JSON.stringify(client.events).length };
  }

  it('are deflated where the WebSocket can undo that', async () => {
    expect((await receive(true)).part).toBeLessThan(0.3);
  });

  it.each<[string, boolean | PerMessageDeflateOptions]>([
    ['cannot', false],
    ['has a small window', { serverMaxWindowBits: 10 }],
  ])('are plain where it %s', async (_, offer) => {
    expect((await receive(offer)).part).toBeGreaterThan(1);
  });

  it('answer to clients that deflate what they say, message after message', async () => {
    using client = new HandClient(hub.url, { threshold: 0 });
    await client.until(() => client.answers.length === 1);
    for (let n = 1; n <= 20; n++) client.socket.send(`42${n}["history",{"limit":1}]`);
    await client.until(() => client.answers.length === 21);
    expect(client.answers.slice(1).every((answer) => answer.includes('"ok":true'))).toBe(true);
    expect(client.answers.map((answer) => Number.parseInt(answer.slice(2), 10)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 21 }, (_, n) => n),
    );
  });
});
