import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { percentile } from '../pipeline/runs.ts';
import { CLIENTS_CORE, machine, Peer, SERVER_CORE } from '../support/peer.ts';
import { writePosts } from './posts.ts';
import {
  KINDS,
  WARM_UP,
  type ClientQuestion,
  type ClientReport,
  type Kind,
  type MemoryReport,
  type ServerReport,
} from './protocol.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '4' },
    rates: { type: 'string', default: '100,500' },
    kinds: { type: 'string', default: KINDS.join(',') },
    /** Of a hundred clients so many stop reading. */
    stalled: { type: 'string', default: '0' },
  },
});
const clients = Number(values.clients);
const seconds = Number(values.seconds);
const stalled = Math.floor((clients * Number(values.stalled)) / 100);
const kinds = KINDS.filter((kind) => values.kinds.split(',').includes(kind));
const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

interface Result {
  microseconds: number;
  idleBytes: number;
  idleHeapBytes: number;
  grownBytes: number;
  bytes: number;
  latenciesMs: number[];
  digest: string;
}

/** Throws if a client missed something. */
async function measure(kind: Kind, rate: number, posts: string): Promise<Result> {
  using server = new Peer(script('server'), SERVER_CORE, kind, posts);
  const { port } = await server.next<{ port: number }>();
  using reading = new Peer(script('clients'), CLIENTS_CORE, kind, String(port), String(clients), String(stalled));
  await reading.next();
  const few = await server.ask<MemoryReport>({ ask: 'memory' });
  await reading.ask({ ask: 'open' } satisfies ClientQuestion);
  const idle = await server.ask<MemoryReport>({ ask: 'memory' });
  const run = await server.ask<ServerReport>({ ask: 'run', rate, seconds });
  const report = await reading.ask<ClientReport>({ ask: 'report' } satisfies ClientQuestion);
  if (report.posts !== run.posts) throw new Error(`${kind}: the reader got ${report.posts} of ${run.posts} posts.`);
  if (report.mostBytes > report.leastBytes * 1.02) {
    throw new Error(`${kind}: clients got from ${report.leastBytes} to ${report.mostBytes} bytes.`);
  }
  return {
    microseconds: run.cpuMicroseconds / run.posts / (clients - stalled),
    idleBytes: (idle.bytes - few.bytes) / (clients - WARM_UP),
    idleHeapBytes: (idle.heapBytes - few.heapBytes) / (clients - WARM_UP),
    grownBytes: run.peakBytes - idle.bytes,
    bytes: report.bytes / run.posts / report.readers,
    latenciesMs: report.latenciesMs,
    digest: report.digest,
  };
}

function print(rate: number, results: Map<Kind, Result>): void {
  const plain = results.get('socket.io')?.microseconds;
  for (const [kind, { microseconds, bytes, latenciesMs, idleBytes, idleHeapBytes, grownBytes }] of results) {
    const [p50, p99] = [percentile(latenciesMs, 0.5), percentile(latenciesMs, 0.99)];
    const cells = [
      rate,
      kind,
      microseconds.toFixed(2),
      plain === undefined ? '' : (microseconds / plain).toFixed(2),
      bytes.toFixed(0),
      `${p50} / ${p99}`,
      `${(idleBytes / 1024).toFixed(1)} / ${(idleHeapBytes / 1024).toFixed(1)}`,
      (grownBytes / 1024 / 1024).toFixed(0),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

console.log(`${clients} clients, ${stalled} of them stalled, ${seconds} s a run, ${machine()}\n`);
console.log(
  '| posts/s | server | CPU µs a delivery | of plain Socket.IO | bytes a delivery | latency p50 / p99 ms | KB an idle connection: resident / heap | MB more under load |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
try {
  const posts = join(folder, 'posts.ndjson');
  await writePosts(posts);
  for (const rate of values.rates.split(',').map(Number)) {
    const results = new Map<Kind, Result>();
    for (const kind of kinds) results.set(kind, await measure(kind, rate, posts));
    if (new Set(Array.from(results.values(), ({ digest }) => digest)).size > 1) throw new Error('Contents differ.');
    print(rate, results);
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(0);
