import { setTimeout as sleep } from 'node:timers/promises';
import { openTestStore, startGateway } from '../../support/gateway.ts';
import { BenchFeed } from '../fanout/feed.ts';
import { readPosts } from '../fanout/posts.ts';

/** All of the replay stays in memory. */
const LOG_BYTES = 2 ** 30;
const CHUNK = 500;

export type Question = { ask: 'fill'; posts: number } | { ask: 'live'; rate: number; seconds: number } | { ask: 'cpu' };

const feed = new BenchFeed();
const { watch, head } = { watch: feed.watch.bind(feed), head: feed.head.bind(feed) };
const store = Object.assign(await openTestStore(), { watch, head });
const { port } = await startGateway(store, { logBytes: LOG_BYTES });
const source = readPosts(process.argv[2] ?? '');
let count = 0;

async function fill(posts: number): Promise<object> {
  for (const end = count + posts; count < end; count++) {
    feed.add(source.json(count));
    if (count % CHUNK === 0) await sleep(0);
  }
  return {};
}

/** Posts arrive evenly while others replay. */
async function live(rate: number, seconds: number): Promise<object> {
  const started = performance.now();
  for (let n = 0; n < rate * seconds; n++, count++) {
    const early = started + (n * 1000) / rate - performance.now();
    if (early > 0) await sleep(early);
    feed.add(source.json(count));
  }
  return {};
}

function cpu(): Promise<object> {
  const { user, system } = process.cpuUsage();
  return Promise.resolve({ microseconds: user + system, count });
}

process.on('message', (question: Question) => {
  const { ask } = question;
  const answer = ask === 'fill' ? fill(question.posts) : ask === 'live' ? live(question.rate, question.seconds) : cpu();
  void answer.then((said) => process.send?.(said));
});
process.send?.({ port });
