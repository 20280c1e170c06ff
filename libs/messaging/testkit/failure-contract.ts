import { describe, expect, it } from '@jest/globals';
import { HubError } from '@hub/contracts';
import { HANDLER_FAILED, type Delivery } from '@hub/messaging';
import { consuming, keys } from './consuming.ts';
import { message, messages } from './messages.ts';
import type { Setting } from './setting.ts';

const unavailable = () => new HubError('store_unavailable', 'away for a while');

/** Retries, dead letters and fatal errors. */
export function describeFailures(at: Setting): void {
  describe('failures', () => {
    it('redelivers on a retryable error until it heals, in order, and counts the attempts', async () => {
      const client = await at.connect();
      await client.publisher(at.topic).publish(['k0', 'k1', 'k2'].map((value) => message('k', value)));
      const attempts: Delivery[][] = [];
      const consumer = consuming(at.subscribe(client, { maxAttempts: 2 }), async (batch) => {
        attempts.push([...batch]);
        if (attempts.length < 8) throw unavailable();
        return [];
      });
      await consumer.until(() => consumer.handled.length >= 3);
      await consumer.stop();
      expect(consumer.handled.map(({ value }) => Buffer.from(value).toString())).toEqual(['k0', 'k1', 'k2']);
      const ofFirst = attempts.filter((batch) => Buffer.from(batch[0]?.value ?? '').toString() === 'k0');
      expect(ofFirst.map((batch) => batch[0]?.attempt)).toEqual(ofFirst.map((_, i) => i + 1));
      expect(ofFirst.length).toBeGreaterThan(5);
      expect(await client.deadLetters(at.topic).count()).toBe(0);
    });

    it('isolates a message whose handler always fails, buries it after so many attempts, and handles the rest', async () => {
      const client = await at.connect();
      const sent = messages(20).toSpliced(7, 0, message('poison'));
      await client.publisher(at.topic).publish(sent);
      let alone = 0;
      const subscription = at.subscribe(client, { maxAttempts: 3 });
      const consumer = consuming(subscription, async (batch) => {
        if (batch.length === 1 && batch[0]?.key === 'poison') alone += 1;
        if (batch.some(({ key }) => key === 'poison')) throw new TypeError('cannot read the poison');
        return [];
      });
      // A broker without an order across keys may hand over the poison after all others.
      await consumer.until(() => consumer.handled.length >= 20 && alone >= 3);
      await consumer.stop();
      expect(keys(consumer.handled).sort()).toEqual(keys(messages(20)).sort());
      expect(alone).toBe(3);
      const origin = consumer.batches.flat().find(({ key }) => key === 'poison')?.origin;
      const [letter, ...others] = await client.deadLetters(at.topic).list({ limit: 10 });
      expect(others).toEqual([]);
      expect(letter).toMatchObject({
        key: 'poison',
        headers: message('poison').headers,
        reason: HANDLER_FAILED,
        origin,
      });
      expect(letter?.detail).toContain('cannot read the poison');
      expect(Buffer.from(letter?.value ?? '').toString()).toBe('value of poison');
      expect(await subscription.lag()).toBe(0);
    });

    it('buries what the handler rejects, with its reason, and counts it as consumed', async () => {
      const client = await at.connect();
      const before = Date.now();
      await client.publisher(at.topic).publish(messages(5));
      const subscription = at.subscribe(client);
      const consumer = consuming(subscription, async (batch) =>
        batch
          .filter(({ key }) => key === 'k1' || key === 'k3')
          .map((delivery) => ({ delivery, reason: 'invalid_event', detail: `нет: ${delivery.key} 🦣` })),
      );
      await consumer.until(() => consumer.handled.length >= 5);
      await consumer.stop();
      const letters = client.deadLetters(at.topic);
      const all = await letters.list({ limit: 10 });
      expect(
        all.map(({ key, reason, detail }) => ({ key, reason, detail })).sort((a, b) => (a.key < b.key ? -1 : 1)),
      ).toEqual([
        { key: 'k1', reason: 'invalid_event', detail: 'нет: k1 🦣' },
        { key: 'k3', reason: 'invalid_event', detail: 'нет: k3 🦣' },
      ]);
      expect(Math.abs((all[0]?.failedAt.getTime() ?? 0) - before)).toBeLessThan(10_000);
      expect(await letters.count()).toBe(2);
      expect(await letters.list({ limit: 1 })).toEqual(all.slice(0, 1));
      expect(await letters.list({ limit: 1, after: all[0]?.id ?? '' })).toEqual(all.slice(1));
      expect(await letters.list({ limit: 1, after: all[1]?.id ?? '' })).toEqual([]);
      expect(await subscription.lag()).toBe(0);
    });

    it('ends by an error that says our own data are damaged, and has not consumed', async () => {
      const client = await at.connect();
      const subscription = at.subscribe(client);
      await client.publisher(at.topic).publish(messages(3));
      const first = consuming(subscription, () => Promise.reject(new HubError('data_corrupt', 'damaged')));
      await expect(first.done).rejects.toMatchObject({ code: 'data_corrupt' });
      const second = consuming(subscription);
      await second.until(() => second.handled.length >= 3);
      await second.stop();
      expect(await client.deadLetters(at.topic).count()).toBe(0);
    });

    it('gives up a retry when it is told to end, and redelivers to whoever comes next', async () => {
      const client = await at.connect();
      const subscription = at.subscribe(client, { backoff: { firstMs: 60_000, capMs: 60_000 } });
      await client.publisher(at.topic).publish([message('a')]);
      const first = consuming(subscription, () => Promise.reject(unavailable()));
      await first.until(() => first.batches.length === 1);
      await first.stop();
      const second = consuming(subscription);
      await second.until(() => second.handled.length === 1);
      await second.stop();
      expect(second.handled[0]).toMatchObject({ key: 'a', origin: first.batches[0]?.[0]?.origin });
    });
  });
}
