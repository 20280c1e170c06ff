import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { PubSub } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';
import { deadLetterTopic, type MessagingEvent } from '@hub/messaging';
import type { PubSubBroker } from '@hub/messaging/pubsub';
import { consuming, keys, message, messages } from '@hub/messaging/testkit';
import { describeWith } from '../servers/describe-with.ts';
import { PUBSUB_PROBE, PUBSUB_PURPOSE } from '../servers/pubsub/start-pubsub.ts';
import { OTHER_PROJECT, startPubSubBed, type PubSubBed } from './pubsub-bed.ts';

jest.setTimeout(60_000);

const PROJECT = OTHER_PROJECT ?? 'hub-test';
/** To make and look at things as others would. */
const newAdmin = () =>
  new PubSub({ projectId: PROJECT, ...(OTHER_PROJECT === undefined && { authClient: new PassThroughClient() }) });
const newTopic = () => `t-${randomUUID()}`;
const differences = (events: readonly MessagingEvent[]) =>
  events.flatMap((event) => (event.kind === 'topic_differs' ? [event.detail] : []));
const probe = OTHER_PROJECT === undefined ? PUBSUB_PROBE : ([process.execPath, '--version'] as const);

describeWith(probe, PUBSUB_PURPOSE, 'the Pub/Sub driver', () => {
  let bed: PubSubBed;
  let broker: PubSubBroker;
  let admin: PubSub;
  let topic: string;
  let events: MessagingEvent[];

  beforeAll(async () => {
    bed = await startPubSubBed();
    admin = newAdmin();
  }, 300_000);
  afterAll(async () => {
    await admin.close();
    await bed.close();
  });
  beforeEach(async () => {
    topic = newTopic();
    events = [];
    broker = await bed.connect({ observe: (event) => void events.push(event) });
  });
  afterEach(() => broker.close());

  const subscribe = (group = 'g', maxMessages = 500) =>
    broker.subscription({ topic, group, maxMessages, backoff: { firstMs: 10, capMs: 50 } });
  const metadata = async (name: string) => (await admin.subscription(name).getMetadata())[0];

  it('makes sure before it publishes that every group gets it', async () => {
    await broker.publisher(topic).publish(messages(5));
    const consumers = ['g', 'h'].map((group) => consuming(subscribe(group)));
    for (const consumer of consumers) {
      await consumer.until(() => consumer.handled.length >= 5);
      await consumer.stop();
    }
  });

  it('makes subscriptions that keep order, lose nothing in silence, and keep nothing that was consumed', async () => {
    await subscribe().lag();
    expect(await metadata(`${topic}.g`)).toMatchObject({
      enableMessageOrdering: true,
      retainAckedMessages: false,
      messageRetentionDuration: { seconds: '86400' },
      deadLetterPolicy: {
        deadLetterTopic: `projects/${PROJECT}/topics/${topic}.dlq`,
        maxDeliveryAttempts: 100,
      },
    });
    expect(await metadata(`${topic}.dlq.inspect`)).toMatchObject({ topic: `projects/${PROJECT}/topics/${topic}.dlq` });
    expect(differences(events)).toEqual([]);
  });

  it('uses what somebody else made, and tells what it does otherwise', async () => {
    await admin.createTopic({ name: topic, messageRetentionDuration: { seconds: 5 * 86_400 } });
    await admin.topic(topic).createSubscription(`${topic}.g`, {
      ackDeadlineSeconds: 20,
      retainAckedMessages: true,
      messageRetentionDuration: 3 * 86_400,
      expirationPolicy: { ttl: { seconds: 40 * 86_400 } },
      filter: 'attributes.ce_id != ""',
    });
    await broker.publisher(topic).publish(messages(3));
    const consumer = consuming(subscribe());
    await consumer.until(() => consumer.handled.length === 3);
    await consumer.stop();
    const told = differences(events);
    for (const words of ['order', '3.0 days', '5.0 days', 'consumed messages too', '40 days', 'filter']) {
      expect(told).toContainEqual(expect.stringContaining(words));
    }
    expect(new Set(told).size).toBe(told.length);
  });

  it('refuses a subscription that gets nothing: of another topic, or of one that was deleted', async () => {
    await admin.createTopic(newTopic());
    await admin.createTopic(`${topic}-other`);
    await admin.topic(`${topic}-other`).createSubscription(`${topic}.g`, { ackDeadlineSeconds: 20 });
    await expect(subscribe().lag()).rejects.toMatchObject({
      code: 'invalid_config',
      message: expect.stringContaining('belongs to another topic'),
    });
    await admin.topic(`${topic}-other`).delete();
    await expect(broker.publisher(topic).publish(messages(1))).rejects.toMatchObject({
      code: 'invalid_config',
      message: expect.stringContaining('was deleted'),
    });
  });

  it('holds on to messages whose handler takes longer than a lease, those that wait behind it too', async () => {
    const consumers = [consuming(subscribe('g', 3), slowly), consuming(subscribe('g', 3), slowly)];
    async function slowly() {
      if (consumers.every(({ batches }) => batches.length <= 1)) await sleep(18_000);
      return [];
    }
    await broker.publisher(topic).publish(messages(12));
    await Promise.any(
      consumers.map((one) => one.until(() => consumers.flatMap(({ handled }) => handled).length >= 12)),
    );
    await sleep(200);
    expect(keys(consumers.flatMap(({ handled }) => handled)).sort()).toEqual(keys(messages(12)).sort());
    await Promise.all(consumers.map((one) => one.stop()));
  });

  it('gives back at its end what it has not handled, so that others get it at once', async () => {
    const first = consuming(subscribe('g', 5), async () => {
      ending ??= first.stop();
      return [];
    });
    let ending: Promise<void> | undefined;
    await broker.publisher(topic).publish(messages(100));
    await first.until(() => first.handled.length > 0);
    await ending;
    const started = Date.now();
    const second = consuming(subscribe());
    await second.until(() => first.handled.length + second.handled.length >= 100);
    await second.stop();
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(keys([...first.handled, ...second.handled]).sort()).toEqual(keys(messages(100)).sort());
  });

  it('shows the dead letters that the server makes of messages which nobody acknowledges', async () => {
    await subscribe().lag();
    await admin.subscription(`${topic}.g`).setMetadata({
      deadLetterPolicy: {
        deadLetterTopic: `projects/${PROJECT}/topics/${deadLetterTopic(topic)}`,
        maxDeliveryAttempts: 5,
      },
    });
    await broker.publisher(topic).publish([message('deadly')]);
    const victim = admin.subscription(`${topic}.g`);
    victim.on('message', (one) => one.nack()).on('error', () => undefined);
    const letters = broker.deadLetters(topic);
    let found = await letters.list({ limit: 10 });
    while (found.length === 0) found = await letters.list({ limit: 10 });
    await victim.close();
    expect(found).toEqual([
      expect.objectContaining({ key: 'deadly', reason: 'never_acknowledged', headers: message('deadly').headers }),
    ]);
    expect(found[0]?.detail).toMatch(/delivered \d+ times/);
  });

  it('lists no dead letters where there is no place for them, and refuses an id that is none', async () => {
    const letters = broker.deadLetters(topic);
    expect(await letters.list({ limit: 5 })).toEqual([]);
    expect(await letters.count()).toBe(0);
    await expect(letters.list({ limit: 5, after: '17' })).rejects.toMatchObject({ code: 'bad_request' });
  });

  it('reads the dead letters again and again, also while somebody else of this process does', async () => {
    const publisher = broker.publisher(topic);
    const consumer = consuming(subscribe(), async (batch) =>
      batch.map((delivery) => ({ delivery, reason: 'invalid_event', detail: 'no' })),
    );
    await publisher.publish(messages(30));
    await consumer.until(() => consumer.handled.length >= 30);
    await consumer.stop();
    const letters = broker.deadLetters(topic);
    const [count, listed, again] = await Promise.all([
      letters.count(),
      letters.list({ limit: 20 }),
      letters.list({ limit: 20 }),
    ]);
    expect(count).toBe(30);
    expect(listed).toHaveLength(20);
    expect(again).toEqual(listed);
    expect(await letters.list({ limit: 20, after: listed.at(-1)?.id ?? '' })).toHaveLength(10);
  });

  if (OTHER_PROJECT === undefined) {
    it('loses nothing that is published after the server came back empty, even by a publisher that is first', async () => {
      const publisher = broker.publisher(topic);
      await publisher.publish(messages(1, 'before'));
      await bed.stopBroker();
      await bed.startBroker();
      let rejected = 0;
      for (let isStored = false; !isStored;) {
        isStored = await publisher.publish(messages(5, 'after')).then(
          () => true,
          () => {
            rejected += 1;
            return false;
          },
        );
      }
      expect(rejected).toBeGreaterThan(0);
      const consumer = consuming(subscribe());
      await consumer.until(() => keys(consumer.handled).filter((key) => key.startsWith('after')).length >= 5);
      await consumer.stop();
    });
  }
});

if (OTHER_PROJECT === undefined) {
  describeWith(PUBSUB_PROBE, PUBSUB_PURPOSE, 'the Pub/Sub driver where IAM refuses', () => {
    const refusing = async (
      refused: Record<string, string>,
      action: (broker: PubSubBroker, topic: string) => Promise<void>,
    ) => {
      const bed = await startPubSubBed(refused);
      const broker = await bed.connect();
      await action(broker, newTopic());
      await broker.close();
      await bed.close();
    };

    it.each([
      [{ CreateTopic: 'PERMISSION_DENIED' }, 'forbidden', 'pubsub.topics.create (roles/pubsub.editor)'],
      [{ CreateSubscription: 'PERMISSION_DENIED' }, 'forbidden', 'pubsub.subscriptions.create'],
      [{ Publish: 'PERMISSION_DENIED' }, 'forbidden', 'pubsub.topics.publish (roles/pubsub.publisher)'],
      [{ Publish: 'UNAUTHENTICATED' }, 'unauthorized', 'refuses the credentials'],
      [{ CreateTopic: 'NOT_FOUND' }, 'invalid_config', 'GCP_PROJECT_ID'],
      [{ Publish: 'RESOURCE_EXHAUSTED' }, 'broker_unavailable', 'RESOURCE_EXHAUSTED'],
    ])('a publisher is told what is needed: %j', async (refused, code, words) => {
      await refusing(refused, async (broker, topic) => {
        const published = broker.publisher(topic).publish(messages(1));
        await expect(published).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
      });
    });

    it.each([
      [{ CreateTopic: 'PERMISSION_DENIED' }, 'forbidden', 'pubsub.topics.create'],
      [{ StreamingPull: 'PERMISSION_DENIED' }, 'forbidden', 'pubsub.subscriptions.consume (roles/pubsub.subscriber)'],
      [{ StreamingPull: 'FAILED_PRECONDITION' }, 'invalid_config', 'refuses to consume the subscription'],
      [{ Acknowledge: 'PERMISSION_DENIED' }, 'forbidden', 'pubsub.subscriptions.consume'],
    ])('consuming ends where no retry helps: %j', async (refused, code, words) => {
      await refusing(refused, async (broker, topic) => {
        const consumer = consuming(broker.subscription({ topic, group: 'g' }));
        if (!('CreateTopic' in refused)) await broker.publisher(topic).publish(messages(1));
        await expect(consumer.done).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
      });
    });

    it('works without the right to look at topics and subscriptions, and says that it cannot see', async () => {
      const bed = await startPubSubBed({ GetTopic: 'PERMISSION_DENIED', GetSubscription: 'PERMISSION_DENIED' });
      const admin = newAdmin();
      const topic = newTopic();
      for (const [name, ...groups] of [
        [topic, 'g', 'h'],
        [deadLetterTopic(topic), 'inspect'],
      ] as const) {
        await admin.createTopic(name);
        for (const group of groups)
          await admin.topic(name).createSubscription(`${name}.${group}`, { ackDeadlineSeconds: 20 });
      }
      const events: MessagingEvent[] = [];
      const broker = await bed.connect({ observe: (event) => void events.push(event) });
      await broker.publisher(topic).publish(messages(2));
      const consumer = consuming(broker.subscription({ topic, group: 'g' }));
      await consumer.until(() => consumer.handled.length === 2);
      await consumer.stop();
      expect(differences(events)).toContainEqual(expect.stringContaining('pubsub.subscriptions.get'));
      await broker.close();
      await admin.close();
      await bed.close();
    });
  });
}
