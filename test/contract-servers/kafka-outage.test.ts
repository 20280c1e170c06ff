import { afterEach, expect, it, jest } from '@jest/globals';
import { openKafkaBroker, type KafkaBroker } from '@hub/messaging/kafka';
import { consuming, keys, message } from '@hub/messaging/testkit';
import { startKafka, type KafkaServer } from '../servers/kafka/start-kafka.ts';
import { freePort } from '../servers/server-process.ts';
import { CutOff } from './cut-off.ts';
import { describeOwnKafka } from './kafka-bed.ts';
import { caughtUp, distinct, expectAll, expectOrder, redelivered, startLoad } from './kafka-load.ts';

jest.setTimeout(120_000);

describeOwnKafka('Kafka: brokers are killed in mid-stream', () => {
  let kafka: KafkaServer | undefined;
  let broker: KafkaBroker | undefined;

  afterEach(async () => {
    await broker?.close();
    await kafka?.stop();
  });

  async function open(nodes: number): Promise<[KafkaServer, KafkaBroker]> {
    kafka = await startKafka({ nodes });
    broker = await openKafkaBroker({ brokers: kafka.brokers, topics: { partitions: 6, retentionDays: 1 } });
    return [kafka, broker];
  }

  it('the only one: what was acknowledged is there, in order, and only what was in hand comes again', async () => {
    const [server, client] = await open(1);
    const load = startLoad(client.publisher('t'));
    const consumer = consuming(client.subscription({ topic: 't', group: 'g', maxMessages: 20 }));
    for (let kill = 0; kill < 2; kill++) {
      const from = consumer.handled.length;
      await consumer.until(() => consumer.handled.length > from + 2_000);
      await server.kill9();
      await server.restart();
    }
    const from = consumer.handled.length;
    await consumer.until(() => consumer.handled.length > from + 500);
    await load.stop();
    await consumer.until(() => caughtUp(consumer.handled, load));
    await consumer.stop();
    expectAll(consumer.handled, load);
    expectOrder(consumer.handled);
    // A chunk in hand and the one before, of each partition, at each kill.
    expect(redelivered(consumer.handled)).toBeLessThanOrEqual(2 * 2 * 20 * 6);
    const origins = new Set(consumer.handled.map(({ origin }) => origin)).size;
    expect(origins - distinct(consumer.handled)).toBeLessThanOrEqual(load.repeated() * 24);
  });

  it('each of three in turn: others take over, and nothing that was acknowledged is lost', async () => {
    const [server, client] = await open(3);
    const load = startLoad(client.publisher('t'));
    const consumer = consuming(client.subscription({ topic: 't', group: 'g', maxMessages: 20 }));
    for (let node = 0; node < 3; node++) {
      const from = consumer.handled.length;
      await consumer.until(() => consumer.handled.length > from + 1_000);
      await server.kill9(node);
      const during = consumer.handled.length;
      await consumer.until(() => consumer.handled.length > during + 500);
      await server.restart(node);
      // Two must be in sync again before the next one goes.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
    }
    await load.stop();
    await consumer.until(() => caughtUp(consumer.handled, load));
    await consumer.stop();
    expectAll(consumer.handled, load);
    expectOrder(consumer.handled);
  });

  it('an acknowledgement is lost: nothing that is published next is taken for what was stored before', async () => {
    const advertisedPort = await freePort();
    kafka = await startKafka({ advertisedPort });
    const cutOff = await CutOff.open(advertisedPort, kafka.port);
    broker = await openKafkaBroker({ brokers: kafka.brokers, topics: { partitions: 1, retentionDays: 1 } });
    const publisher = broker.publisher('t');
    await publisher.publish([message('before')]);
    const swallowed = cutOff.swallowAnswers();
    const unanswered = publisher.publish([message('unanswered')]);
    await swallowed;
    await cutOff.cut();
    await expect(unanswered).rejects.toMatchObject({ code: 'broker_unavailable' });
    await cutOff.heal();
    await publisher.publish([message('next')]);
    const consumer = consuming(broker.subscription({ topic: 't', group: 'g' }));
    await consumer.until(() => keys(consumer.handled).includes('next'));
    await consumer.stop();
    expect(keys(consumer.handled)).toEqual(['before', 'unanswered', 'next']);
    await cutOff.cut();
  });
});
