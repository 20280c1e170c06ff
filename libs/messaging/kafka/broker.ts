import { HubError } from '@hub/contracts';
import type { Envelope } from '@hub/contracts/proto';
import {
  DEFAULT_BATCH_LIMITS,
  deadLetterTopic,
  type DeadLetters,
  type Observe,
  type Publisher,
  type Subscription,
  type SubscriptionOptions,
} from '@hub/messaging';
import { AdminConnection } from './admin.ts';
import { kafkaFactory, type NewKafka } from './client.ts';
import { KafkaConsumer } from './consumer.ts';
import { DEAD_LETTER_PARTITION, kafkaDeadLetters } from './dead-letters.ts';
import type { KafkaBrokerOptions } from './options.ts';
import { KafkaPublisher } from './publisher.ts';
import { ensureTopic, type TopicFacts } from './topics.ts';

/** Bytes that are kept of the value of a dead letter that is too large for its topic. */
const CUT_BYTES = 64 * 1024;

/**
 * Kafka as the hub's broker. Nothing is connected yet: a cluster that is away makes publishers reject and consumers
 * wait. Rejects if there is nothing to connect to.
 */
export async function openKafkaBroker(options: KafkaBrokerOptions): Promise<KafkaBroker> {
  if (options.brokers.length === 0) throw new HubError('invalid_config', 'Name at least one Kafka broker.');
  return new KafkaBroker(options);
}

/** Topics are made when they are first used. */
export class KafkaBroker {
  private readonly newKafka: NewKafka;
  private readonly admin: AdminConnection;
  private readonly observe: Observe;
  private readonly publishers = new Set<KafkaPublisher>();
  private readonly consumers = new Set<KafkaConsumer>();
  private readonly told = new Set<string>();

  constructor(private readonly options: KafkaBrokerOptions) {
    this.newKafka = kafkaFactory(options);
    this.admin = new AdminConnection(this.newKafka);
    this.observe = options.observe ?? (() => undefined);
  }

  publisher(topic: string): Publisher {
    return this.publisherOf(topic);
  }

  subscription(options: SubscriptionOptions): Subscription {
    const { topic } = options;
    const dead = this.publisherOf(deadLetterTopic(topic), DEAD_LETTER_PARTITION);
    const consumer = new KafkaConsumer(
      { ...DEFAULT_BATCH_LIMITS, ...options, observe: this.observe },
      {
        newKafka: this.newKafka,
        admin: this.admin,
        prepared: () => this.prepare(topic),
        bury: (letters) => bury(dead, letters),
      },
    );
    this.consumers.add(consumer);
    return consumer;
  }

  deadLetters(topic: string): DeadLetters {
    const { newKafka, admin } = this;
    return kafkaDeadLetters(topic, { newKafka, admin });
  }

  /** Ends consumers after the batch in hand, waits for what was published, and lets go of the cluster. */
  async close(): Promise<void> {
    await Promise.all([...this.consumers].map((consumer) => consumer.close()));
    await Promise.all([...this.publishers].map((publisher) => publisher.close()));
    this.admin.close();
  }

  private publisherOf(topic: string, partition?: number): KafkaPublisher {
    const publisher = new KafkaPublisher({
      topic,
      newKafka: this.newKafka,
      prepared: () => this.prepare(topic),
      observe: this.observe,
      ...(partition !== undefined && { partition }),
    });
    this.publishers.add(publisher);
    return publisher;
  }

  private async prepare(topic: string): Promise<TopicFacts> {
    // Once is enough.
    const observe: Observe = this.told.has(topic) ? () => undefined : this.observe;
    const facts = await this.admin.use((admin) => ensureTopic(admin, topic, this.options.topics, observe));
    this.told.add(topic);
    return facts;
  }
}

/** A letter that its topic cannot hold must not stop the flow: it is cut, and its origin tells where the whole is. */
async function bury(dead: Publisher, letters: readonly Envelope[]): Promise<void> {
  try {
    await dead.publish(letters);
  } catch (error) {
    if (!(error instanceof HubError && error.code === 'payload_too_large')) throw error;
    await dead.publish(letters.map((letter) => ({ ...letter, value: letter.value.subarray(0, CUT_BYTES) })));
  }
}
