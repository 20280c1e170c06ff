import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Post, PostsFrame } from '@hub/contracts';
import { WebSocket } from 'ws';
import type { ClientReport, Kind } from './protocol.ts';

const [kind, port, count] = [process.argv[2] as Kind, Number(process.argv[3]), Number(process.argv[4])];
const PATHS = { hub: '/socket.io/?EIO=4&transport=websocket', ws: '/' };
const path = kind === 'ws' ? PATHS.ws : PATHS.hub;

/** What a client says once connected, after hearing what. */
const DIALOGUE: Record<Kind, readonly [heard: string, said: string][]> = {
  ws: [],
  'socket.io': [
    ['0', '40'],
    ['40{', ''],
  ],
  hub: [
    ['0', '40'],
    ['40{', '420["subscribe",{}]'],
    ['430[', ''],
  ],
};

/** A client that only counts bytes: its work is not to hold up the server. */
async function openCounter(): Promise<{ bytes: number }> {
  const socket = connect(port, '127.0.0.1');
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  );
  await heard(socket, '101');
  for (const [answer, said] of DIALOGUE[kind]) {
    if (answer !== '0') await heard(socket, answer);
    if (said !== '') socket.write(maskedText(said));
  }
  const counter = { bytes: 0 };
  socket.on('data', (chunk) => (counter.bytes += chunk.length));
  return counter;
}

async function heard(socket: Socket, answer: string): Promise<void> {
  let text = '';
  while (!text.includes(answer)) text += String((await once(socket, 'data'))[0]);
}

/** A short text frame with a mask of zeros. */
function maskedText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

/** A client that reads the content. */
async function openReader(report: ClientReport): Promise<() => string> {
  const digest = createHash('sha256');
  const read = (post: Post) => {
    report.posts++;
    report.latenciesMs.push(Date.now() - Date.parse(post.hub.observed_at));
    digest.update(`${post.hub.local_id} ${post.content}`);
  };
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  const steps = [...DIALOGUE[kind]];
  const { promise, resolve } = Promise.withResolvers<void>();
  if (steps.length === 0) socket.once('open', resolve);
  socket.on('message', (data: Buffer) => {
    const text = data.toString();
    if (text === '2') return socket.send('3');
    const [step] = steps;
    if (step !== undefined && text.startsWith(step[0])) {
      if (step[1] !== '') socket.send(step[1]);
      steps.shift();
      if (steps.length === 0) resolve();
    } else if (steps.length === 0) for (const post of postsOf(text)) read(post);
  });
  await promise;
  return () => digest.digest('hex');
}

function postsOf(text: string): Post[] {
  if (kind === 'ws') return [JSON.parse(text) as Post];
  const [event, data] = JSON.parse(text.slice(2)) as ['post', Post] | ['posts', PostsFrame];
  return event === 'post' ? [data] : data.events.map((one) => one.data as Post);
}

const report: ClientReport = { posts: 0, latenciesMs: [], digest: '', bytes: 0, leastBytes: 0, mostBytes: 0 };
const digest = await openReader(report);
const counters: { bytes: number }[] = [];
for (let n = 1; n < count; n++) counters.push(await openCounter());
process.on('message', () => {
  const bytes = counters.map((counter) => counter.bytes);
  const total = bytes.reduce((sum, one) => sum + one, 0);
  const range = { leastBytes: Math.min(...bytes), mostBytes: Math.max(...bytes) };
  process.send?.({ ...report, ...range, bytes: total, digest: digest() } satisfies ClientReport);
});
process.send?.({ isReady: true });
