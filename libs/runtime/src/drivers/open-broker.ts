import type { Config } from '@hub/config';
import type { DeadLetters, Observe, Publisher, Subscription } from '@hub/messaging';

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
export async function openBroker({ messaging, retentionDays }: Config, observe: Observe): Promise<Broker> {
  const { openEmbeddedBroker } = await import('../../../messaging/embedded/index.ts');
  if (messaging.type !== 'EMBEDDED') throw new Error('later');
  return openEmbeddedBroker({ path: messaging.path, retentionDays, observe });
}
