import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import type { Post } from '@hub/contracts';
import { openTestStore, startGateway } from '../../support/gateway.ts';
import { BenchFeed } from './feed.ts';
import { postNumber } from './posts.ts';
import type { Kind, Load, ServerReport } from './protocol.ts';

/** What the clients have not taken yet when the last post came. */
const GRACE_MS = 1000;

type Publish = (post: Post) => void;

async function startHub(): Promise<{ port: number; publish: Publish }> {
  const feed = new BenchFeed();
  const { watch, head } = { watch: feed.watch.bind(feed), head: feed.head.bind(feed) };
  const { port } = await startGateway(Object.assign(await openTestStore(), { watch, head }));
  return { port, publish: (post) => feed.add(JSON.stringify(post)) };
}

async function startPlain(kind: 'socket.io' | 'ws'): Promise<{ port: number; publish: Publish }> {
  const http = createServer();
  const publish = kind === 'ws' ? plainWs(new WebSocketServer({ server: http })) : plainSocketIo(new Server(http));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { port: (http.address() as AddressInfo).port, publish };
}

function plainSocketIo(io: Server): Publish {
  return (post) => void io.emit('post', post);
}

function plainWs(server: WebSocketServer): Publish {
  return (post) => {
    const json = JSON.stringify(post);
    for (const client of server.clients) client.send(json);
  };
}

async function run({ rate, seconds }: Load, publish: Publish): Promise<ServerReport> {
  const before = process.cpuUsage();
  const started = performance.now();
  const posts = rate * seconds;
  for (let n = 0; n < posts; n++) {
    const early = started + (n * 1000) / rate - performance.now();
    if (early > 0) await sleep(early);
    publish(postNumber(n));
  }
  await sleep(GRACE_MS);
  const { user, system } = process.cpuUsage(before);
  return { posts, cpuMicroseconds: user + system };
}

const kind = process.argv[2] as Kind;
const { port, publish } = await (kind === 'hub' ? startHub() : startPlain(kind));
process.on('message', (load: Load) => void run(load, publish).then((report) => process.send?.(report)));
process.send?.({ port });
