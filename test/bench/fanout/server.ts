import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import { openTestStore, startGateway } from '../../support/gateway.ts';
import { BenchFeed } from './feed.ts';
import { readPosts, type BenchPosts } from './posts.ts';
import type { Kind, MemoryReport, ServerQuestion, ServerReport } from './protocol.ts';

/** What the clients have not taken yet when the last post came. */
const GRACE_MS = 1000;
/** Until garbage of the connecting is gone. */
const SETTLE_MS = 300;

type Publish = (posts: BenchPosts, n: number) => void;

async function startHub(): Promise<{ port: number; publish: Publish }> {
  const feed = new BenchFeed();
  const { watch, head } = { watch: feed.watch.bind(feed), head: feed.head.bind(feed) };
  const { port } = await startGateway(Object.assign(await openTestStore(), { watch, head }));
  return { port, publish: (posts, n) => feed.add(posts.json(n)) };
}

async function startPlain(kind: 'socket.io' | 'ws'): Promise<{ port: number; publish: Publish }> {
  const http = createServer();
  const publish = kind === 'ws' ? plainWs(new WebSocketServer({ server: http })) : plainSocketIo(new Server(http));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { port: (http.address() as AddressInfo).port, publish };
}

function plainSocketIo(io: Server): Publish {
  return (posts, n) => void io.emit('post', posts.post(n));
}

function plainWs(server: WebSocketServer): Publish {
  return (posts, n) => {
    const json = JSON.stringify(posts.post(n));
    for (const client of server.clients) client.send(json);
  };
}

async function run(rate: number, seconds: number, publish: Publish, from: BenchPosts): Promise<ServerReport> {
  let peakBytes = 0;
  const before = process.cpuUsage();
  const started = performance.now();
  const posts = rate * seconds;
  for (let n = 0; n < posts; n++) {
    const early = started + (n * 1000) / rate - performance.now();
    if (early > 0) await sleep(early);
    publish(from, n);
    if (n % 50 === 0) peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }
  await sleep(GRACE_MS);
  const { user, system } = process.cpuUsage(before);
  return { posts, cpuMicroseconds: user + system, peakBytes };
}

async function memory(): Promise<MemoryReport> {
  await sleep(SETTLE_MS);
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { bytes: rss, heapBytes: heapUsed };
}

const kind = process.argv[2] as Kind;
const source = readPosts(process.argv[3] ?? '');
const { port, publish } = await (kind === 'hub' || kind === 'hub-sdk' ? startHub() : startPlain(kind));
process.on('message', (question: ServerQuestion) => {
  const answer = question.ask === 'memory' ? memory() : run(question.rate, question.seconds, publish, source);
  void answer.then((report) => process.send?.(report));
});
process.send?.({ port });
