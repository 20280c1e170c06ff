import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import kafkajs, { type Admin, type Message } from 'kafkajs';
import { deadLetterTopic, type MessagingEvent } from '@hub/messaging';
import type { KafkaBroker } from '@hub/messaging/kafka';
import { consuming, keys, message, messages } from '@hub/messaging/testkit';
import { describeKafka, startKafkaBed, type KafkaBed } from './kafka-bed.ts';

jest.setTimeout(30_000);

const { CompressionTypes, ConfigResourceTypes, Kafka, logLevel, Partitioners } = kafkajs;

describeKafka('Kafka: topics, and messages of others', () => {
  let bed: KafkaBed;
  let admin: Admin;
  let kafka: kafkajs.Kafka;
  let broker: KafkaBroker;
  let topic: string;
  const events: MessagingEvent[] = [];

  beforeAll(async () => {
    bed = await startKafkaBed(3);
    kafka = new Kafka({ brokers: bed.brokers, logLevel: logLevel.NOTHING });
    admin = kafka.admin();
    await admin.connect();
  });
  afterAll(async () => {
    await admin.disconnect();
    await bed.close();
  });
  beforeEach(async () => {
    topic = `t-${randomUUID()}`;
    events.length = 0;
    broker = await bed.connect({ observe: (event) => events.push(event) });
  });
  afterEach(() => broker.close());

  /** As another client would. */
  async function produce(messages: Message[], compression = CompressionTypes.None): Promise<void> {
    const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic, messages, compression });
    await producer.disconnect();
  }

  async function configOf(name: string): Promise<ReadonlyMap<string, string>> {
    const resources = [{ type: ConfigResourceTypes.TOPIC, name }];
    const { resources: found } = await admin.describeConfigs({ resources, includeSynonyms: false });
    return new Map(found[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
  }

  it('makes a topic that is missing, and its dead letters, so that age counts from arrival and ends in time', async () => {
    const subscription = broker.subscription({ topic, group: 'g' });
    await broker.publisher(topic).publish(messages(3));
    const consumer = consuming(subscription, async (batch) =>
      batch.map((delivery) => ({ delivery, reason: 'invalid_event', detail: 'no' })),
    );
    await consumer.until(() => consumer.handled.length === 3);
    await consumer.stop();
    const made = await admin.fetchTopicMetadata({ topics: [topic, deadLetterTopic(topic)] });
    expect(Object.fromEntries(made.topics.map(({ name, partitions }) => [name, partitions.length]))).toEqual({
      [topic]: 3,
      [deadLetterTopic(topic)]: 1,
    });
    for (const name of [topic, deadLetterTopic(topic)]) {
      const config = await configOf(name);
      expect(Object.fromEntries(config)).toMatchObject({
        'retention.ms': '86400000',
        'segment.ms': '8640000',
        'message.timestamp.type': 'LogAppendTime',
        'compression.type': 'gzip',
        'cleanup.policy': 'delete',
      });
    }
    expect(events.filter(({ kind }) => kind === 'topic_differs')).toEqual([]);
  });

  it('uses a topic that is there, and tells once what it is less than asked for', async () => {
    const configEntries = [{ name: 'retention.ms', value: '-1' }];
    await admin.createTopics({ topics: [{ topic, numPartitions: 1, configEntries }] });
    await broker.publisher(topic).publish(messages(1));
    await broker.subscription({ topic, group: 'g' }).lag();
    const told = events.flatMap((event) => (event.kind === 'topic_differs' ? [event.detail] : []));
    expect(told).toEqual([expect.stringContaining('1 partitions, not 3'), expect.stringContaining('for ever')]);
  });

  it('delivers whatever others put there, compressed as they like', async () => {
    await broker.publisher(topic).publish([message('ours')]);
    await produce([
      { key: null, value: 'no key' },
      { key: 'no value', value: null },
      {
        key: Buffer.from([0xff, 0xfe]),
        value: Buffer.from([0]),
        headers: { twice: ['a', 'b'], junk: Buffer.from([0xff]) },
      },
      { key: 'old', value: 'clock', timestamp: '1' },
    ]);
    await produce([{ key: 'zstd', value: 'z' }], CompressionTypes.ZSTD);
    const consumer = consuming(broker.subscription({ topic, group: 'g' }));
    await consumer.until(() => consumer.handled.length === 6);
    await consumer.stop();
    const byKey = new Map(consumer.handled.map((delivery) => [delivery.key, delivery]));
    expect(Buffer.from(byKey.get('')?.value ?? '').toString()).toBe('no key');
    expect(byKey.get('no value')?.value).toHaveLength(0);
    expect(byKey.get('\u{fffd}\u{fffd}')?.headers).toEqual({ twice: 'b', junk: '\u{fffd}' });
    expect(Buffer.from(byKey.get('zstd')?.value ?? '').toString()).toBe('z');
    // The broker's clock counts, not the publisher's.
    expect(Math.abs((byKey.get('old')?.publishedAt.getTime() ?? 0) - Date.now())).toBeLessThan(20_000);
    for (const { sequence } of consumer.handled) expect(Math.abs(sequence - Date.now() * 1000)).toBeLessThan(2e7);
  });

  it('refuses a message that is too large for good, and stores what was published beside it', async () => {
    const publisher = broker.publisher(topic);
    const large = { ...message('large'), value: randomBytes(1_200_000) };
    const results = await Promise.allSettled([
      publisher.publish(messages(5, 'a')),
      publisher.publish([message('before'), large]),
      publisher.publish(messages(5, 'b')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'payload_too_large', retryable: false } });
    await publisher.publish(messages(5, 'c'));
    const consumer = consuming(broker.subscription({ topic, group: 'g' }));
    const wanted = ['a', 'b', 'c'].flatMap((prefix) => keys(messages(5, prefix)));
    await consumer.until(() => wanted.every((key) => keys(consumer.handled).includes(key)));
    await consumer.stop();
    expect(keys(consumer.handled)).not.toContain('large');
  });

  it('splits what is too much for one request', async () => {
    const sent = Array.from({ length: 40 }, (_, i) => ({ ...message(`k${i}`), value: randomBytes(100_000) }));
    await broker.publisher(topic).publish(sent);
    const consumer = consuming(broker.subscription({ topic, group: 'g' }));
    await consumer.until(() => consumer.handled.length === 40);
    await consumer.stop();
    const got = new Map(consumer.handled.map(({ key, value }) => [key, value]));
    expect(sent.every(({ key, value }) => value.equals(got.get(key) ?? new Uint8Array()))).toBe(true);
    expect(events.filter(({ kind }) => kind === 'published').length).toBeGreaterThan(4);
  });

  it('buries the largest message that there can be whole, and cuts it where the dead letters hold less', async () => {
    const other = `t-${randomUUID()}`;
    const configEntries = [{ name: 'max.message.bytes', value: '200000' }];
    await admin.createTopics({ topics: [{ topic: deadLetterTopic(other), numPartitions: 1, configEntries }] });
    for (const [name, bytes] of [
      [topic, 1_040_000],
      [other, 64 * 1024],
    ] as const) {
      await broker.publisher(name).publish([{ ...message('large'), value: randomBytes(1_040_000) }]);
      const consumer = consuming(broker.subscription({ topic: name, group: 'g' }), async (batch) =>
        batch.map((delivery) => ({ delivery, reason: 'invalid_event', detail: 'no' })),
      );
      await consumer.until(() => consumer.handled.length === 1);
      await consumer.stop();
      const [letter] = await broker.deadLetters(name).list({ limit: 1 });
      expect(letter).toMatchObject({ key: 'large', origin: consumer.handled[0]?.origin });
      expect(letter?.value).toHaveLength(bytes);
    }
  });

  it('tells how many messages were removed before the group consumed them', async () => {
    const subscription = broker.subscription({ topic, group: 'g', maxMessages: 5 });
    const publisher = broker.publisher(topic);
    const one = (n: number) => Array.from({ length: n }, (_, i) => message('one', `${i}`));
    await publisher.publish(one(10));
    const first = consuming(subscription);
    await first.until(() => first.handled.length === 10);
    await first.stop();
    await publisher.publish(one(30));
    const [, partition = '', offset = ''] = /\/(\d+)@(\d+)/.exec(first.handled.at(-1)?.origin ?? '') ?? [];
    const from = { partition: Number(partition), offset: String(Number(offset) + 1 + 20) };
    // kafkajs deletes only where it knows the leaders from before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [from] });
    expect(await subscription.lag()).toBe(10);
    const second = consuming(subscription);
    await second.until(() => second.handled.length === 10);
    await second.stop();
    expect(events.flatMap((event) => (event.kind === 'expired' ? [event.messages] : []))).toEqual([20]);
    expect(await subscription.lag()).toBe(0);
  });
});
