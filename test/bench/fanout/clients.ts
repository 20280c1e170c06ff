import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import type { Post, PostsFrame, SubscribeAnswer } from '@hub/contracts';
import { WebSocket } from 'ws';
import { openCounter, type Counter, type Dialogue } from '../support/raw-client.ts';
import { WARM_UP, type ClientQuestion, type ClientReport, type Kind } from './protocol.ts';

const [kind, port, count, stalled] = [
  process.argv[2] as Kind,
  Number(process.argv[3]),
  Number(process.argv[4]),
  Number(process.argv[5]),
];
const path = kind === 'ws' ? '/' : '/socket.io/?EIO=4&transport=websocket';

const DIALOGUES: Record<Kind, Dialogue> = {
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
  'hub-sdk': [
    ['0', '40'],
    ['40{', '420["subscribe",{"compress":true}]'],
    ['430[', ''],
  ],
};

/** A client that reads the content. */
async function openReader(report: ClientReport): Promise<() => string> {
  const digest = createHash('sha256');
  let dictionary: Buffer | undefined;
  const read = (post: Post) => {
    report.posts++;
    report.latenciesMs.push(Date.now() - Date.parse(post.hub.observed_at));
    digest.update(`${post.hub.local_id} ${post.content}`);
  };
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  const steps = [...DIALOGUES[kind]];
  const { promise, resolve } = Promise.withResolvers<void>();
  if (steps.length === 0) socket.once('open', resolve);
  socket.on('message', (data: Buffer, isBinary) => {
    const text = isBinary ? `4${inflateRawSync(data, { dictionary }).toString()}` : data.toString();
    if (text === '2') return socket.send('3');
    const [step] = steps;
    if (step === undefined) for (const post of postsOf(text)) read(post);
    else if (text.startsWith(step[0])) {
      if (text.startsWith('430[')) dictionary = dictionaryOf(text);
      if (step[1] !== '') socket.send(step[1]);
      steps.shift();
      if (steps.length === 0) resolve();
    }
  });
  await promise;
  return () => digest.digest('hex');
}

function dictionaryOf(answer: string): Buffer {
  const [{ dictionary = '' }] = JSON.parse(answer.slice(3)) as [SubscribeAnswer];
  return Buffer.from(dictionary);
}

function postsOf(text: string): Post[] {
  if (kind === 'ws') return [JSON.parse(text) as Post];
  const [event, data] = JSON.parse(text.slice(2)) as ['post', Post] | ['posts', PostsFrame];
  return event === 'post' ? [data] : data.events.map((one) => one.data as Post);
}

const report: ClientReport = {
  posts: 0,
  latenciesMs: [],
  digest: '',
  bytes: 0,
  readers: 0,
  leastBytes: 0,
  mostBytes: 0,
};
const digest = await openReader(report);
const counters: Counter[] = [];
const open = async (until: number) => {
  while (counters.length < until) counters.push(await openCounter(port, path, DIALOGUES[kind]));
};
const openAll = async () => {
  await open(count - 1);
  for (const { socket } of counters.slice(0, stalled)) socket.pause();
};
const tell = () => {
  const bytes = counters.slice(stalled).map((counter) => counter.bytes);
  const total = bytes.reduce((sum, one) => sum + one, 0);
  const range = { leastBytes: Math.min(...bytes), mostBytes: Math.max(...bytes) };
  const answer: ClientReport = { ...report, ...range, bytes: total, readers: bytes.length, digest: digest() };
  process.send?.(answer);
};
process.on('message', ({ ask }: ClientQuestion) => {
  if (ask === 'report') tell();
  else void openAll().then(() => process.send?.({ isReady: true }));
});
await open(WARM_UP - 1);
process.send?.({ isReady: true });
