import type { Envelope } from '@hub/contracts/proto';
import { openKafkaBroker } from '@hub/messaging/kafka';
import { CompressionTypes, Kafka, logLevel, Partitioners } from 'kafkajs';

const BATCH = 500;
const PARTITIONS = 4;

function batches<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, i) => items.slice(i * BATCH, (i + 1) * BATCH));
}

async function perSecond(count: number, action: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await action();
  return count / ((performance.now() - started) / 1000);
}

/** Messages per second through the driver's publisher, a batch after the other. */
export async function publisherRate(brokers: string[], topic: string, envelopes: readonly Envelope[]): Promise<number> {
  const broker = await openKafkaBroker({ brokers, topics: { partitions: PARTITIONS, retentionDays: 1 } });
  const publisher = broker.publisher(topic);
  await publisher.publish(envelopes.slice(0, 1));
  const rate = await perSecond(envelopes.length, async () => {
    for (const batch of batches(envelopes)) await publisher.publish(batch);
  });
  await broker.close();
  return rate;
}

/** The same batches by kafkajs alone: `send` with the same guarantees. */
export async function bareSendRate(brokers: string[], topic: string, envelopes: readonly Envelope[]): Promise<number> {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }] });
  await admin.disconnect();
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const send = (batch: readonly Envelope[]) =>
    producer.send({
      topic,
      acks: -1,
      compression: CompressionTypes.GZIP,
      messages: batch.map(({ key, value, headers }) => ({ key, value: Buffer.from(value), headers })),
    });
  await send(envelopes.slice(0, 1));
  const rate = await perSecond(envelopes.length, async () => {
    for (const batch of batches(envelopes)) await send(batch);
  });
  await producer.disconnect();
  return rate;
}
