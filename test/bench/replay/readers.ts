import type { PostsFrame } from '@hub/contracts';
import { WebSocket } from 'ws';
import { openCounter, type Counter, type Dialogue } from '../support/raw-client.ts';

export interface ReplayReport {
  /** From the first request until the last reader had as many bytes as the replay has. */
  milliseconds: number;
  bytes: number;
}

export type Question = { ask: 'replay'; clients: number; from: number; bytes: number } | { ask: 'latencies' };

const port = Number(process.argv[2]);
const path = '/socket.io/?EIO=4&transport=websocket';
let latencies: number[] = [];

/** One client that is live, and writes down how old posts are. */
async function openLive(): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  await new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('0{')) socket.send('40');
      else if (text === '2') socket.send('3');
      else if (text.startsWith('40{')) socket.send('420["subscribe",{}]');
      else if (text.startsWith('430[')) resolve();
      else if (text.startsWith('42["posts"')) note((JSON.parse(text.slice(2)) as [string, PostsFrame])[1]);
    });
  });
}

function note({ events }: PostsFrame): void {
  const now = Date.now();
  for (const event of events) if (event.type === 'post') latencies.push(now - Date.parse(event.data.hub.observed_at));
}

async function replay(clients: number, from: number, bytes: number): Promise<ReplayReport> {
  const dialogue: Dialogue = [
    ['0', '40'],
    ['40{', `420["subscribe",{"cursor":"${from}"}]`],
  ];
  const started = performance.now();
  const open: Counter[] = await Promise.all(Array.from({ length: clients }, () => openCounter(port, path, dialogue)));
  await Promise.all(open.map((counter) => hasRead(counter, bytes)));
  const milliseconds = performance.now() - started;
  const total = open.reduce((sum, counter) => sum + counter.bytes, 0);
  for (const { socket } of open) socket.destroy();
  return { milliseconds, bytes: total };
}

function hasRead(counter: Counter, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    const check = () => counter.bytes >= bytes && resolve();
    counter.socket.on('data', check);
    check();
  });
}

if (process.argv[3] === 'live') await openLive();
process.on('message', (question: Question) => {
  if (question.ask === 'latencies') {
    process.send?.({ latencies });
    latencies = [];
  } else void replay(question.clients, question.from, question.bytes).then((report) => process.send?.(report));
});
process.send?.({ isReady: true });
