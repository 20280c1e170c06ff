import { cpus } from 'node:os';
import { freePort } from '../../servers/server-process.ts';
import { bareLoop } from './bare-loop.ts';
import { jsonBytes, messages, shapes } from './posts.ts';
import { latencies, percentile, throughput } from './runs.ts';
import { Sender } from './sender.ts';
import { startSystem } from './system.ts';

const ROUNDS = 3;
const POSTS = 40_000;
/** Before each round, so that code is compiled: every thread is a new one. */
const WARM_UP = 10_000;
const RATE = 200;
const SECONDS = 15;

const median = (numbers: readonly number[]) => percentile(numbers, 0.5);

const statuses = await shapes();
const bytes = statuses.reduce((sum, status) => sum + jsonBytes(status), 0) / statuses.length;
console.log(
  `Posts of ${bytes.toFixed(0)} bytes of JSON on average, ${statuses.length} shapes, ${POSTS} a round, on ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
);

const rates: { pipeline: number; bare: number }[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const port = await freePort();
  await using system = await startSystem(port);
  await using sender = new Sender({ port, statuses });
  const [warmUp, run] = [`w${round}`, `r${round}`];
  await throughput(system, sender, warmUp, WARM_UP);
  const pipeline = await throughput(system, sender, run, POSTS);
  await system.stop();
  const posts = [...messages(statuses, warmUp).take(WARM_UP), ...messages(statuses, run).take(POSTS)];
  const bare = bareLoop(system.dataDir, posts);
  rates.push({ pipeline, bare });
  console.log(
    `round ${round + 1}: pipeline ${pipeline.toFixed(0)} posts/s, bare SQLite writes ${bare.toFixed(0)} posts/s, ratio ${(pipeline / bare).toFixed(2)}`,
  );
}
const ratio = median(rates.map(({ pipeline, bare }) => pipeline / bare));

const port = await freePort();
await using system = await startSystem(port);
await using sender = new Sender({ port, statuses });
const took = await latencies(system, sender, RATE, RATE * SECONDS);
console.log(`\n| figure | measured | to reach |\n| --- | --- | --- |`);
console.log(`| throughput, of the bare loop's | ${(ratio * 100).toFixed(0)} % | ≥ 50 % |`);
console.log(`| end to end at ${RATE} posts/s, p50 | ${percentile(took, 0.5).toFixed(1)} ms | |`);
console.log(`| end to end at ${RATE} posts/s, p99 | ${percentile(took, 0.99).toFixed(1)} ms | ≤ 50 ms |`);
await system.stop();
process.exit(0);
