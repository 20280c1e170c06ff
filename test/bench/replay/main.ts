import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readPosts, writePosts } from '../fanout/posts.ts';
import { percentile } from '../pipeline/runs.ts';
import { CLIENTS_CORE, machine, Peer, SERVER_CORE } from '../support/peer.ts';
import type { ReplayReport } from './readers.ts';

const { values } = parseArgs({
  options: {
    posts: { type: 'string', default: '100000' },
    /** Live posts a second, while others replay. */
    rate: { type: 'string', default: '50' },
  },
});
const posts = Number(values.posts);
const rate = Number(values.rate);
const LIVE_SECONDS = 4;
/** Until the live client has what was filled in. */
const SETTLE_MS = 5000;
const script = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
try {
  const path = join(folder, 'posts.ndjson');
  await writePosts(path);
  const source = readPosts(path);
  /** At least so many bytes are sent for them. */
  const bytes = (from: number, count: number) => {
    let sum = 0;
    for (let n = from; n < from + count; n++) sum += Buffer.byteLength(source.json(n));
    return sum;
  };
  using server = new Peer(script('server'), SERVER_CORE, path);
  const { port } = await server.next<{ port: number }>();
  // Of its own, so that its posts do not wait for those who count the replay's bytes.
  using live = new Peer(script('readers'), CLIENTS_CORE, String(port), 'live');
  await live.next();
  using readers = new Peer(script('readers'), CLIENTS_CORE, String(port), 'replay');
  await readers.next();

  console.log(`${posts} posts in memory, live posts at ${rate}/s meanwhile, ${machine()}\n`);
  console.log('| clients that replay | posts each | posts/s in all | server CPU µs a post | live p50 / p99 ms |');
  console.log('| --- | --- | --- | --- | --- |');
  await server.ask({ ask: 'fill', posts });
  await sleep(SETTLE_MS);
  await live.ask({ ask: 'latencies' });
  let idleMicroseconds = 0;
  for (const { clients, each } of [
    { clients: 0, each: 0 },
    { clients: 1, each: posts },
    { clients: 50, each: posts / 10 },
  ]) {
    const before = await server.ask<{ microseconds: number; count: number }>({ ask: 'cpu' });
    const posting = server.ask({ ask: 'live', rate, seconds: LIVE_SECONDS });
    const from = before.count - each;
    const replayed =
      clients > 0
        ? await readers.ask<ReplayReport>({ ask: 'replay', clients, from, bytes: bytes(from, each) })
        : undefined;
    await posting;
    const after = await server.ask<{ microseconds: number }>({ ask: 'cpu' });
    const { latencies } = await live.ask<{ latencies: number[] }>({ ask: 'latencies' });
    const total = clients * each;
    const used = after.microseconds - before.microseconds;
    if (clients === 0) idleMicroseconds = used;
    const cells = [
      clients,
      each,
      replayed ? Math.round((total * 1000) / replayed.milliseconds) : '',
      replayed ? ((used - idleMicroseconds) / total).toFixed(1) : '',
      `${percentile(latencies, 0.5)} / ${percentile(latencies, 0.99)}`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(0);
