import type { Sender } from './sender.ts';
import type { System } from './system.ts';

/** Resolves when the feed has brought so many posts. */
async function fed(system: System, count: number, onPost: (json: string) => void = () => undefined): Promise<void> {
  const stop = new AbortController();
  let seen = 0;
  for await (const { entries } of system.store.watch({ signal: stop.signal })) {
    for (const { json } of entries) onPost(json);
    seen += entries.length;
    if (seen >= count) return stop.abort();
  }
}

/** Posts per second from the first write to the last post on the feed, publishing as fast as it is taken. */
export async function throughput(system: System, sender: Sender, run: string, count: number): Promise<number> {
  await sender.obey({ kind: 'prepare', run, count });
  const done = fed(system, count);
  await system.store.head();
  const started = performance.now();
  await sender.obey({ kind: 'send all' });
  await done;
  return count / ((performance.now() - started) / 1000);
}

/** Milliseconds from sending to the feed, of each post, at a steady rate. */
export async function latencies(system: System, sender: Sender, rate: number, count: number): Promise<number[]> {
  const run = 'latency';
  await sender.obey({ kind: 'prepare', run, count: 0 });
  const fedAt = new Map<string, number>();
  const done = fed(system, count, (json) => {
    const { uri } = JSON.parse(json) as { uri: string };
    fedAt.set(uri, performance.timeOrigin + performance.now());
  });
  await system.store.head();
  const sent = await sender.obey({ kind: 'send evenly', run, rate, count });
  await done;
  return sent.map(([uri, at]) => (fedAt.get(uri) ?? Number.NaN) - at);
}

/** Of sorted or unsorted numbers; p from 0 to 1. */
export function percentile(numbers: readonly number[], p: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}
