import { setTimeout as sleep } from 'node:timers/promises';
import type { PubSubGenericMessage } from '@hub/contracts/proto';
import type { System } from './system.ts';

const BATCH = 500;
const STREAMS_AT_ONCE = 2;

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
export async function throughput(system: System, posts: readonly PubSubGenericMessage[]): Promise<number> {
  const done = fed(system, posts.length);
  await system.store.head();
  const started = performance.now();
  const batches = Array.from({ length: Math.ceil(posts.length / BATCH) }, (_, i) =>
    posts.slice(i * BATCH, (i + 1) * BATCH),
  );
  const lanes = Array.from({ length: STREAMS_AT_ONCE }, async () => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) await system.publish(batch);
  });
  await Promise.all(lanes);
  await done;
  return posts.length / ((performance.now() - started) / 1000);
}

/** Milliseconds from sending to the feed, of each post, at a steady rate; a stream takes what waits. */
export async function latencies(
  system: System,
  posts: Iterator<PubSubGenericMessage>,
  rate: number,
  count: number,
): Promise<number[]> {
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  const done = fed(system, count, (json) => {
    const { uri } = JSON.parse(json) as { uri: string };
    const sent = sentAt.get(uri);
    if (sent !== undefined) took.push(performance.now() - sent);
  });
  await system.store.head();
  const waiting: PubSubGenericMessage[] = [];
  let sending: Promise<void> | undefined;
  const pump = () => {
    if (sending !== undefined || waiting.length === 0) return;
    sending = system.publish(waiting.splice(0)).finally(() => {
      sending = undefined;
      pump();
    });
  };
  const started = performance.now();
  for (let n = 0; n < count; n += 1) {
    const due = started + (n * 1000) / rate;
    if (due > performance.now()) await sleep(due - performance.now());
    const message = posts.next().value as PubSubGenericMessage;
    sentAt.set(`https://bench.example/${message.key.toString().split('/')[1]}`, performance.now());
    waiting.push(message);
    pump();
  }
  await done;
  return took;
}

/** Of sorted or unsorted numbers; p from 0 to 1. */
export function percentile(numbers: readonly number[], p: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}
