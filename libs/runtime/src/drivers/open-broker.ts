import type { Config } from '@hub/config';
import type { DeadLetters, Observe, Publisher, Subscription } from '@hub/messaging';

/** The processors' consumer group; gateways never join it. */
export const PROCESSORS = 'processor';

/** What the runtime needs of a messaging driver. */
export interface Broker {
  publisher(topic: string): Publisher;
  subscription(options: { topic: string; group: string }): Subscription;
  deadLetters(topic: string): DeadLetters;
  close(): Promise<void>;
}

/**
 * Loads the driver that was chosen, and no other, and opens its broker. Rejects with a HubError in words for people.
 * The imports are relative because the build does not rewrite aliases in import().
 */
export async function openBroker({ app, messaging, retentionDays }: Config, observe: Observe): Promise<Broker> {
  switch (messaging.type) {
    case 'EMBEDDED': {
      const { openEmbeddedBroker } = await import('../../../messaging/embedded/index.ts');
      return openEmbeddedBroker({ path: messaging.path, retentionDays, observe });
    }
    case 'KAFKA': {
      const { openKafkaBroker } = await import('../../../messaging/kafka/index.ts');
      const { brokers, ssl, sasl, partitions, replicationFactor } = messaging.kafka;
      return openKafkaBroker({
        brokers,
        clientId: `hub-${app}`,
        ssl,
        ...(sasl !== undefined && { sasl }),
        topics: { partitions, retentionDays, ...(replicationFactor !== undefined && { replicationFactor }) },
        observe,
      });
    }
    case 'GCP_PUBSUB':
      return openPubSub(messaging, retentionDays, observe);
  }
}

async function openPubSub(
  { projectId, push }: Extract<Config['messaging'], { type: 'GCP_PUBSUB' }>,
  retentionDays: number,
  observe: Observe,
): Promise<Broker> {
  const { openPubSubBroker } = await import('../../../messaging/pubsub/index.ts');
  const broker = await openPubSubBroker({ projectId, retentionDays, groups: [PROCESSORS], observe });
  if (push === undefined) return broker;
  return {
    publisher: (topic) => broker.publisher(topic),
    subscription: (options) => broker.pushSubscription(options),
    deadLetters: (topic) => broker.deadLetters(topic),
    close: () => broker.close(),
  };
}
