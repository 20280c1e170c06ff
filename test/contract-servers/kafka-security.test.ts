import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import kafkajs, { type AclEntry } from 'kafkajs';
import { openKafkaBroker, type KafkaBroker, type KafkaBrokerOptions } from '@hub/messaging/kafka';
import { consuming, messages } from '@hub/messaging/testkit';
import { startKafka, type KafkaServer } from '../servers/kafka/start-kafka.ts';
import { describeOwnKafka } from './kafka-bed.ts';

jest.setTimeout(30_000);

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } = kafkajs;

describeOwnKafka('Kafka: TLS, SASL and access lists', () => {
  let kafka: KafkaServer;
  let secure: NonNullable<KafkaServer['secure']>;
  const brokers: KafkaBroker[] = [];

  beforeAll(async () => {
    kafka = await startKafka({ secured: true });
    if (kafka.secure === undefined) throw new Error('there is no secured listener');
    ({ secure } = kafka);
  }, 60_000);
  afterAll(() => kafka.stop());
  afterEach(async () => {
    await Promise.all(brokers.splice(0).map((broker) => broker.close()));
  });

  async function connect(options: Partial<KafkaBrokerOptions> = {}): Promise<KafkaBroker> {
    const { ca, username, password } = secure;
    const broker = await openKafkaBroker({
      brokers: secure.brokers,
      ssl: { ca },
      sasl: { mechanism: 'scram-sha-512', username, password },
      topics: { partitions: 2, retentionDays: 1 },
      ...options,
    });
    brokers.push(broker);
    return broker;
  }

  async function grant(entries: readonly Pick<AclEntry, 'resourceType' | 'resourceName' | 'operation'>[]) {
    const admin = new Kafka({ brokers: kafka.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const everywhere = { principal: `User:${secure.username}`, host: '*', permissionType: AclPermissionTypes.ALLOW };
    await admin.createAcls({
      acl: entries.map((entry) => ({ ...entry, ...everywhere, resourcePatternType: ResourcePatternTypes.PREFIXED })),
    });
    await admin.disconnect();
  }

  it('a wrong password ends publishing and consuming for good', async () => {
    const sasl = { mechanism: 'plain', username: secure.username, password: 'wrong' } as const;
    const broker = await connect({ sasl });
    await expect(broker.publisher('t').publish(messages(1))).rejects.toMatchObject({ code: 'unauthorized' });
    const { done } = consuming(broker.subscription({ topic: 't', group: 'g' }));
    await expect(done).rejects.toMatchObject({ code: 'unauthorized', retryable: false });
    await expect(done).rejects.not.toThrow('wrong');
  });

  it('a certificate that is not trusted, or no TLS at all, is an absent broker', async () => {
    for (const ssl of [true, false]) {
      const broker = await connect({ ssl });
      await expect(broker.publisher('t').publish(messages(1))).rejects.toMatchObject({ code: 'broker_unavailable' });
    }
  });

  it('without access it says so, and with what docs/kafka.md names all of it works', async () => {
    const topic = 'mastodon-posts';
    const before = await connect();
    await expect(before.publisher(topic).publish(messages(1))).rejects.toMatchObject({ code: 'forbidden' });
    const { READ, WRITE, CREATE, DESCRIBE, DESCRIBE_CONFIGS } = AclOperationTypes;
    const { TOPIC, GROUP } = AclResourceTypes;
    await grant([
      ...[READ, WRITE, CREATE, DESCRIBE, DESCRIBE_CONFIGS].map((operation) => ({
        resourceType: TOPIC,
        resourceName: topic,
        operation,
      })),
      ...['processor', 'hub-dead-letters-'].flatMap((resourceName) =>
        [READ, DESCRIBE].map((operation) => ({ resourceType: GROUP, resourceName, operation })),
      ),
    ]);
    for (const mechanism of ['scram-sha-512', 'plain'] as const) {
      const { username, password } = secure;
      const broker = await connect({ sasl: { mechanism, username, password } });
      await broker.publisher(topic).publish(messages(10));
      const subscription = broker.subscription({ topic, group: 'processor' });
      const consumer = consuming(subscription, async (batch) =>
        batch
          .filter(({ key }) => key === 'k3')
          .map((delivery) => ({ delivery, reason: 'invalid_event', detail: 'no' })),
      );
      await consumer.until(() => consumer.handled.length === 10);
      await consumer.stop();
      expect(await subscription.lag()).toBe(0);
      expect(await broker.deadLetters(topic).list({ limit: 1 })).toMatchObject([{ key: 'k3' }]);
    }
    const stranger = (await connect()).subscription({ topic, group: 'another' });
    await expect(stranger.lag()).rejects.toThrow('this user may not use the group');
  });
});
