import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { HubError } from '@hub/contracts';
import type { BatchHandler, Delivery, MessagingEvent, Observe } from '@hub/messaging';
import type { KafkaBroker, KafkaBrokerOptions } from '@hub/messaging/kafka';
import { consuming, messages, type Consuming } from '@hub/messaging/testkit';
import { startChild } from '../../libs/messaging/testkit/child.ts';
import { describeKafka, startKafkaBed, type KafkaBed } from './kafka-bed.ts';
import { caughtUp, expectAll, expectOrder, redelivered, startLoad } from './kafka-load.ts';

jest.setTimeout(60_000);

const byText = (a: string, b: string) => (a < b ? -1 : 1);

describeKafka('Kafka: members of a group share six partitions', () => {
  let bed: KafkaBed;
  let topic: string;
  const brokers: KafkaBroker[] = [];

  beforeAll(async () => {
    bed = await startKafkaBed(6);
  });
  afterAll(() => bed.close());
  beforeEach(() => {
    topic = `t-${randomUUID()}`;
  });
  afterEach(async () => {
    await Promise.all(brokers.splice(0).map((broker) => broker.close()));
  });

  async function connect(options?: Partial<KafkaBrokerOptions>): Promise<KafkaBroker> {
    const broker = await bed.connect(options);
    brokers.push(broker);
    return broker;
  }

  async function member(handler?: BatchHandler, observe: Observe = () => undefined): Promise<Consuming> {
    return consuming((await connect({ observe })).subscription({ topic, group: topic, maxMessages: 20 }), handler);
  }

  const partitionsOf = (deliveries: readonly Delivery[]) =>
    [...new Set(deliveries.map(({ origin }) => origin.split('@')[0] ?? ''))].sort(byText);
  const sinceNow = (one: Consuming) => {
    const from = one.handled.length;
    return () => partitionsOf(one.handled.slice(from));
  };

  it('hands partitions over when members come and go under load: nothing is lost, repeated or out of order', async () => {
    const handled: Delivery[] = [];
    const noting: BatchHandler = async (batch) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      handled.push(...batch);
      return [];
    };
    const load = startLoad((await connect()).publisher(topic));
    const first = await member(noting);
    await first.until(() => partitionsOf(first.handled).length === 6);
    const second = await member(noting);
    await second.until(() => partitionsOf(second.handled).length === 3);
    const [ofFirst, ofSecond] = [sinceNow(first), sinceNow(second)];
    await Promise.all([first.until(() => ofFirst().length === 3), second.until(() => ofSecond().length === 3)]);
    expect([...ofFirst(), ...ofSecond()].sort(byText)).toEqual(partitionsOf(handled));
    await first.stop();
    await second.until(() => ofSecond().length === 6);
    await load.stop();
    await second.until(() => caughtUp(handled, load));
    await second.stop();
    expectAll(handled, load);
    expectOrder(handled);
    expect(redelivered(handled)).toBe(0);
  });

  it('takes over from a member that was killed, within seconds', async () => {
    const load = startLoad((await connect()).publisher(topic));
    const victim = startChild(bed, { does: 'consume', topic, group: topic, maxMessages: 20, hangAfter: 1_000_000 });
    await victim.until((words) => words.length > 10);
    const heir = await member();
    await heir.until(() => partitionsOf(heir.handled).length === 3);
    const since = sinceNow(heir);
    await victim.kill();
    const killed = Date.now();
    await heir.until(() => since().length === 6);
    expect(Date.now() - killed).toBeLessThan(15_000);
    await load.stop();
    const subscription = (await connect()).subscription({ topic, group: topic });
    while ((await subscription.lag()) > 0) await heir.until(() => true);
    await heir.stop();
    const byVictim = victim.words.flatMap((word) => ('handled' in word ? word.handled : [])).length;
    const total = load.acknowledged() * 24;
    expect(byVictim + heir.handled.length).toBeGreaterThanOrEqual(total);
    // What was in hand when it was killed, and handled but not yet committed: a chunk and the one before, per partition.
    expect(byVictim + heir.handled.length - total).toBeLessThanOrEqual(2 * 20 * 6);
  });

  it('keeps its partitions over a handler that takes longer than a session lasts', async () => {
    const broker = await connect();
    await broker.publisher(topic).publish(messages(1));
    const slow = await member(async ([first]) => {
      if (first?.key === 'k0') await new Promise((resolve) => setTimeout(resolve, 9_000));
      return [];
    });
    await slow.until(() => slow.batches.length === 1);
    const other = await member();
    await slow.until(() => slow.handled.length === 1);
    await broker.publisher(topic).publish(messages(12, 'later'));
    await Promise.any([slow, other].map((one) => one.until(() => slow.handled.length + other.handled.length === 13)));
    await Promise.all([slow.stop(), other.stop()]);
    expect([...slow.batches, ...other.batches].flat().filter(({ key }) => key === 'k0')).toHaveLength(1);
  });

  it('gives way to a new member at once while its handler fails again and again', async () => {
    const broker = await connect();
    await broker.publisher(topic).publish(messages(60));
    const errors: unknown[] = [];
    const observe = (event: MessagingEvent) => void (event.kind === 'retried' && errors.push(event.error));
    const away = new HubError('store_unavailable', 'away');
    const failing = await member(() => Promise.reject(away), observe);
    await failing.until(() => failing.batches.length > 0);
    errors.length = 0;
    const healthy = await member();
    await healthy.until(() => partitionsOf(healthy.handled).length === 3);
    // Not only when its session was over.
    expect(errors.filter((error) => error !== away)).toEqual([]);
    await failing.stop();
    await healthy.until(() => healthy.handled.length === 60);
    await healthy.stop();
    expect(failing.handled).toHaveLength(0);
  });
});
