import { describe, expect, it } from '@jest/globals';
import { BrokerUnavailableError, retrying } from '@hub/messaging';
import { consuming, keys } from './consuming.ts';
import type { MessagingDriver } from './driver.ts';
import { messages } from './messages.ts';
import { FAST, type Setting } from './setting.ts';

/** What clients see of a broker that crashes and comes back. */
export function describeOutage(at: Setting, driver: MessagingDriver): void {
  describe('outage', () => {
    it('rejects what is published meanwhile as retryable, and goes on by itself after', async () => {
      const client = await at.connect();
      const publisher = client.publisher(at.topic);
      const consumer = consuming(at.subscribe(client));
      await publisher.publish(messages(10, 'before'));
      await consumer.until(() => consumer.handled.length >= 10);
      await at.bed.stopBroker();
      await expect(publisher.publish(messages(1, 'meanwhile'))).rejects.toBeInstanceOf(BrokerUnavailableError);
      await at.bed.startBroker();
      const { signal } = new AbortController();
      await retrying(() => publisher.publish(messages(10, 'after')), {
        signal,
        backoff: FAST,
        onRetry: () => undefined,
      });
      await consumer.until(() => keys(consumer.handled).filter((key) => key.startsWith('after')).length >= 10);
      await consumer.stop();
    }, 120_000);

    if (driver.lacks.durable === undefined) {
      it('keeps what was acknowledged before', async () => {
        const client = await at.connect();
        await client.publisher(at.topic).publish(messages(100));
        await at.bed.stopBroker();
        await at.bed.startBroker();
        const consumer = consuming(at.subscribe(client));
        await consumer.until(() => new Set(keys(consumer.handled)).size === 100);
        await consumer.stop();
      }, 120_000);
    }
  });
}
