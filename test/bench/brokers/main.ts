import { parseArgs } from 'node:util';
import type { Envelope } from '@hub/contracts/proto';
import { startKafka } from '../../servers/kafka/start-kafka.ts';
import { startMongo } from '../../servers/mongo.ts';
import { messages, shapes } from '../pipeline/posts.ts';
import { percentile } from '../pipeline/runs.ts';
import { bareLoopRate, processorRate } from './processing.ts';
import { bareSendRate, publisherRate } from './publishing.ts';

const ROUNDS = 3;
const median = (numbers: readonly number[]) => percentile(numbers, 0.5);

const { values } = parseArgs({
  options: { posts: { type: 'string', default: '10000' }, backlog: { type: 'string', default: '0' } },
});
const posts = Number(values.posts);
const backlog = Number(values.backlog);

const statuses = await shapes();
const [kafka, mongo] = await Promise.all([startKafka(), startMongo()]);

function* envelopes(run: string): Generator<Envelope> {
  for (const { key, value, attributes } of messages(statuses, run)) {
    yield { key: Buffer.from(key).toString(), value, headers: attributes };
  }
}

function environment(topic: string, database: string): Record<string, string> {
  return {
    PUBLISHER_TYPE: 'KAFKA',
    KAFKA_BROKERS: kafka.brokers.join(),
    KAFKA_PARTITIONS: '4',
    PUBSUB_TOPIC: topic,
    STORE_TYPE: 'MONGODB',
    MONGODB_URI: mongo.uri,
    MONGODB_DATABASE: database,
    LOG_LEVEL: 'error',
    SERVICE_PORT: '0',
  };
}

const publishing: number[] = [];
const processing: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const topic = `bench-${round}`;
  const batch = envelopes(topic).take(posts).toArray();
  const driver = await publisherRate(kafka.brokers, topic, batch);
  const bareSend = await bareSendRate(kafka.brokers, `${topic}-bare`, batch);
  publishing.push(driver / bareSend);
  const { perSecond, peakMiB } = await processorRate(environment(topic, topic), mongo.uri, topic, posts);
  const bareLoop = await bareLoopRate(kafka.brokers, topic, mongo.uri, topic, posts);
  processing.push(perSecond / bareLoop);
  console.log(
    `round ${round + 1}: publish ${driver.toFixed(0)}/s, bare send ${bareSend.toFixed(0)}/s; ` +
      `process ${perSecond.toFixed(0)}/s (${peakMiB.toFixed(0)} MiB), bare loop ${bareLoop.toFixed(0)}/s`,
  );
}
console.log('\n| figure | measured | to reach |\n| --- | --- | --- |');
console.log(`| publisher, of bare send | ${(median(publishing) * 100).toFixed(0)} % | ≥ 80 % |`);
console.log(`| processor, of the bare loop | ${(median(processing) * 100).toFixed(0)} % | ≥ 70 % |`);
if (backlog > 0) {
  for (let at = 0; at < backlog; at += 10_000) {
    await publisherRate(kafka.brokers, 'backlog', envelopes(`backlog-${at}`).take(10_000).toArray());
  }
  const { perSecond, peakMiB } = await processorRate(environment('backlog', 'backlog'), mongo.uri, 'backlog', backlog);
  console.log(
    `| memory under a backlog of ${backlog} posts | ${peakMiB.toFixed(0)} MiB at ${perSecond.toFixed(0)} posts/s | ≤ 300 MiB |`,
  );
}
await Promise.all([kafka.stop(), mongo.stop()]);
process.exit(0);
