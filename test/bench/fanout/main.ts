import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { percentile } from '../pipeline/runs.ts';
import { KINDS, Peer, type ClientReport, type Kind, type Load, type ServerReport } from './protocol.ts';

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '5' },
    rates: { type: 'string', default: '100,500' },
  },
});
const clients = Number(values.clients);
const seconds = Number(values.seconds);
const SERVER_CORE = 0;
const CLIENTS_CORE = 1;

interface Result {
  microseconds: number;
  bytes: number;
  latenciesMs: number[];
  digest: string;
}

/** Throws if a client missed something. */
async function measure(kind: Kind, load: Load): Promise<Result> {
  using server = new Peer('server', SERVER_CORE, kind);
  const { port } = await server.next<{ port: number }>();
  using reading = new Peer('clients', CLIENTS_CORE, kind, String(port), String(clients));
  await reading.next();
  const { posts, cpuMicroseconds } = await server.ask<ServerReport>(load);
  const report = await reading.ask<ClientReport>({});
  if (report.posts !== posts) throw new Error(`${kind}: the reader got ${report.posts} of ${posts} posts.`);
  if (report.mostBytes > report.leastBytes * 1.02) {
    throw new Error(`${kind}: clients got from ${report.leastBytes} to ${report.mostBytes} bytes.`);
  }
  return {
    microseconds: cpuMicroseconds / posts / clients,
    bytes: report.bytes / posts / (clients - 1),
    latenciesMs: report.latenciesMs,
    digest: report.digest,
  };
}

console.log(
  `${clients} clients, ${seconds} s a run, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)}\n`,
);
console.log('| posts/s | server | CPU µs a delivery | of plain Socket.IO | bytes a delivery | latency p50 / p99 ms |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const rate of values.rates.split(',').map(Number)) {
  const results = new Map<Kind, Result>();
  for (const kind of KINDS) results.set(kind, await measure(kind, { rate, seconds }));
  if (new Set(Array.from(results.values(), ({ digest }) => digest)).size > 1) throw new Error('Contents differ.');
  const plain = results.get('socket.io')?.microseconds ?? Number.NaN;
  for (const [kind, { microseconds, bytes, latenciesMs }] of results) {
    const [p50, p99] = [percentile(latenciesMs, 0.5), percentile(latenciesMs, 0.99)];
    console.log(
      `| ${rate} | ${kind} | ${microseconds.toFixed(2)} | ${(microseconds / plain).toFixed(2)} | ${bytes.toFixed(0)} | ${p50} / ${p99} |`,
    );
  }
}
