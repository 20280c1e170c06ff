import {
  DEFAULT_BATCH_LIMITS,
  deadLetterTopic,
  type DeadLetters,
  type GroupOptions,
  type Observe,
  type Publisher,
  type Subscription,
  type SubscriptionOptions,
} from '@hub/messaging';
import { bury } from './bury.ts';
import { CALL, closeClients, connectClients, type Clients } from './clients.ts';
import { PubSubConsumer } from './consumer.ts';
import { calling } from './errors.ts';
import { Inspection } from './inspection.ts';
import type { Message } from './messages.ts';
import { INSPECTION, subscriptionId, subscriptionPath, topicPath } from './names.ts';
import type { PubSubBrokerOptions } from './options.ts';
import { PubSubPublisher } from './publisher.ts';
import { PushSubscription } from './push-subscription.ts';
import { Resources } from './resources.ts';

/**
 * Google Cloud Pub/Sub as the hub's broker. Nothing is connected yet: a service that is away makes publishers reject
 * and consumers wait. Rejects with a HubError where there are no credentials for it.
 */
export async function openPubSubBroker(options: PubSubBrokerOptions): Promise<PubSubBroker> {
  return new PubSubBroker(options, await connectClients(options.projectId));
}

/** Topics and subscriptions are made, or looked at, when they are first used. */
export class PubSubBroker {
  private readonly resources: Resources;
  private readonly observe: Observe;
  private readonly publishers = new Set<PubSubPublisher>();
  private readonly consumers = new Set<Subscription>();
  private readonly inspections = new Map<string, Inspection>();

  constructor(
    private readonly options: PubSubBrokerOptions,
    private readonly clients: Clients,
  ) {
    const { projectId, retentionDays, observe = () => undefined } = options;
    this.observe = observe;
    this.resources = new Resources({ clients, projectId, retentionDays, observe });
  }

  publisher(topic: string): Publisher {
    return this.newPublisher(topic);
  }

  /** The messages are pulled: this process asks for them. */
  subscription(options: SubscriptionOptions): Subscription {
    const { topic, group } = options;
    const { resources, observe } = this;
    const dead = this.newPublisher(deadLetterTopic(topic));
    const consumer = new PubSubConsumer(
      { ...DEFAULT_BATCH_LIMITS, ...options, observe },
      {
        subscriber: this.clients.subscriber,
        subscription: subscriptionPath(this.options.projectId, topic, group),
        prepared: () => resources.forConsuming(topic, group),
        reached: () => resources.reach(topic, group),
        onMissing: () => resources.forget(),
        bury: (letters) => bury(letters, dead),
      },
    );
    this.consumers.add(consumer);
    return consumer;
  }

  /**
   * The messages are pushed to an HTTP endpoint of this process (see PubSubPushModule). The push subscription itself
   * is its operator's, who knows where the endpoint is.
   */
  pushSubscription(options: GroupOptions): PushSubscription {
    const { topic, group } = options;
    const dead = this.newPublisher(deadLetterTopic(topic));
    const subscription = new PushSubscription({
      ...options,
      subscription: subscriptionPath(this.options.projectId, topic, group),
      bury: (letters) => bury(letters, dead),
      observe: this.observe,
    });
    this.consumers.add(subscription);
    return subscription;
  }

  deadLetters(topic: string): DeadLetters {
    const known = this.inspections.get(topic);
    if (known !== undefined) return known;
    const letters = deadLetterTopic(topic);
    const inspection = new Inspection({
      subscriber: this.clients.subscriber,
      subscription: subscriptionPath(this.options.projectId, letters, INSPECTION),
      request: {
        does: `read the subscription ${subscriptionId(letters, INSPECTION)}`,
        needs: 'pubsub.subscriptions.consume (roles/pubsub.subscriber)',
      },
    });
    this.inspections.set(topic, inspection);
    return inspection;
  }

  /** Ends consumers after the batch in hand, waits for what was published, and lets go of the service. */
  async close(): Promise<void> {
    await Promise.all([...this.consumers].map((consumer) => consumer.close()));
    await Promise.all([...this.publishers].map((publisher) => publisher.close()));
    await closeClients(this.clients);
  }

  private newPublisher(topic: string): PubSubPublisher {
    const { resources, observe, clients, options } = this;
    const name = topicPath(options.projectId, topic);
    const request = { does: `publish to the topic ${topic}`, needs: 'pubsub.topics.publish (roles/pubsub.publisher)' };
    const publisher = new PubSubPublisher({
      topic,
      prepared: () => resources.forPublishing(topic, options.groups),
      onMissing: () => resources.forget(),
      send: (messages: Message[]) => calling(request, () => clients.publisher.publish({ topic: name, messages }, CALL)),
      observe,
    });
    this.publishers.add(publisher);
    return publisher;
  }
}
