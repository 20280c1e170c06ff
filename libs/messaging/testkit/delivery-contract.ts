import { describe, expect, it } from '@jest/globals';
import { HubError } from '@hub/contracts';
import type { Envelope } from '@hub/contracts/proto';
import { collectGarbage } from '../../../test/support/collect-garbage.ts';
import { consuming, keys } from './consuming.ts';
import type { MessagingDriver } from './driver.ts';
import { message, messages } from './messages.ts';
import type { Setting } from './setting.ts';

const MIB = 1024 * 1024;

/** What goes in comes out, in order, and is counted as consumed when it was handled and not before. */
export function describeDelivery(at: Setting, driver: MessagingDriver): void {
  const countsAll = driver.lacks.lag === undefined;
  describe('delivery', () => {
    it('carries key, value and headers as they are', async () => {
      const client = await at.connect();
      const sent: Envelope[] = [
        message('a.example/1'),
        {
          key: 'ключ/🦣 ü',
          value: Buffer.from('значение 🐘'),
          headers: { ce_source: 'bücher.example', note: '日本語 «ß» 🦣' },
        },
        { key: 'bytes', value: Uint8Array.from({ length: 256 }, (_, i) => i), headers: {} },
        { key: 'empty', value: new Uint8Array(), headers: { ce_id: '' } },
      ];
      const before = Date.now();
      await client.publisher(at.topic).publish(sent);
      const consumer = consuming(at.subscribe(client));
      await consumer.until(() => consumer.handled.length >= sent.length);
      await consumer.stop();
      const got = consumer.handled.map(({ key, value, headers }) => ({ key, value: Buffer.from(value), headers }));
      const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
      expect(got.sort(byKey)).toEqual(sent.map((one) => ({ ...one, value: Buffer.from(one.value) })).sort(byKey));
      expect(consumer.handled.every(({ attempt }) => attempt === 1)).toBe(true);
      expect(new Set(consumer.handled.map(({ origin }) => origin)).size).toBe(sent.length);
      for (const { origin, publishedAt } of consumer.handled) {
        expect(origin).toContain(at.topic);
        expect(Math.abs(publishedAt.getTime() - before)).toBeLessThan(10_000);
      }
    });

    it('carries a large message', async () => {
      const client = await at.connect();
      const value = Buffer.alloc(driver.largeMessageBytes, 'large ');
      await client.publisher(at.topic).publish([message('small'), message('large', value), message('small')]);
      const consumer = consuming(at.subscribe(client));
      await consumer.until(() => consumer.handled.length >= 3);
      await consumer.stop();
      const large = consumer.handled.find(({ key }) => key === 'large');
      expect(value.equals(large?.value ?? new Uint8Array())).toBe(true);
    });

    it('keeps the order of each key, over batches of the publisher and of the consumer', async () => {
      const client = await at.connect();
      const publisher = client.publisher(at.topic);
      const consumer = consuming(at.subscribe(client, { maxMessages: 7 }));
      for (let round = 0; round < 20; round++) {
        await publisher.publish(Array.from({ length: 10 }, (_, i) => message(`k${i % 4}`, `${round}.${i}`)));
      }
      await consumer.until(() => consumer.handled.length >= 200);
      await consumer.stop();
      for (const key of ['k0', 'k1', 'k2', 'k3']) {
        const ofKey = consumer.handled.filter((one) => one.key === key);
        const values = ofKey.map(({ value }) => Buffer.from(value).toString());
        const sent = Array.from({ length: 200 }, (_, n) => n).filter((n) => `k${(n % 10) % 4}` === key);
        expect(values).toEqual(sent.map((n) => `${Math.floor(n / 10)}.${n % 10}`));
        expect(ofKey.map(({ sequence }) => sequence)).toEqual(
          ofKey.map(({ sequence }) => sequence).sort((a, b) => a - b),
        );
      }
    });

    it('delivers what many publish at once, and nothing of an empty batch', async () => {
      const client = await at.connect();
      const publisher = client.publisher(at.topic);
      await publisher.publish([]);
      await Promise.all(messages(500).map((one) => publisher.publish([one])));
      await publisher.close();
      const consumer = consuming(at.subscribe(client));
      await consumer.until(() => consumer.handled.length >= 500);
      await consumer.stop();
      expect(keys(consumer.handled).sort()).toEqual(keys(messages(500)).sort());
    });

    it('bounds batches by number and by bytes', async () => {
      const client = await at.connect();
      await client
        .publisher(at.topic)
        .publish(Array.from({ length: 50 }, (_, i) => message(`k${i}`, Buffer.alloc(1000))));
      const few = consuming(at.subscribe(client, { maxMessages: 8 }));
      const small = consuming(at.subscribe(client, { group: 'h', maxBytes: 4500 }));
      await Promise.all([few, small].map((one) => one.until(() => one.handled.length >= 50)));
      await Promise.all([few.stop(), small.stop()]);
      expect(Math.max(...few.batches.map((batch) => batch.length))).toBeLessThanOrEqual(8);
      expect(Math.max(...small.batches.map((batch) => batch.length))).toBeLessThanOrEqual(4);
      expect(Math.max(...small.batches.map((batch) => batch.length))).toBeGreaterThan(1);
    });

    it('counts as consumed what was handled, and nothing that was not', async () => {
      const client = await at.connect();
      const subscription = at.subscribe(client, { maxMessages: 5 });
      await client.publisher(at.topic).publish(messages(12));
      expect(await subscription.lag()).toBe(countsAll ? 12 : 0);
      const first = consuming(subscription, async () => {
        if (first.handled.length < 5) return [];
        throw new HubError('store_unavailable', 'this batch and the ones after it');
      });
      await first.until(() => first.handled.length >= 5 && first.batches.length > 1);
      await first.stop();
      expect(await subscription.lag()).toBe(countsAll ? 7 : 0);
      const second = consuming(subscription);
      await second.until(() => second.handled.length >= 7);
      await second.stop();
      expect(keys([...first.handled, ...second.handled]).sort()).toEqual(keys(messages(12)).sort());
      expect(await subscription.lag()).toBe(0);
    });

    it('finishes and commits the batch in hand when it is told to end', async () => {
      const client = await at.connect();
      const subscription = at.subscribe(client);
      await client.publisher(at.topic).publish([message('a')]);
      const go = Promise.withResolvers<void>();
      const consumer = consuming(subscription, async () => {
        await go.promise;
        return [];
      });
      await consumer.until(() => consumer.batches.length === 1);
      const stopped = consumer.stop();
      const early = await Promise.race([
        stopped.then(() => 'stopped'),
        new Promise((resolve) => setImmediate(resolve)),
      ]);
      expect(early).toBeUndefined();
      go.resolve();
      await stopped;
      expect(keys(consumer.handled)).toEqual(['a']);
      expect(await subscription.lag()).toBe(0);
    });

    it('ends at once when it waits for messages, and can be consumed again', async () => {
      const client = await at.connect();
      const subscription = at.subscribe(client);
      await consuming(subscription).stop();
      const again = consuming(subscription);
      await expect(subscription.consume(async () => [], { signal: AbortSignal.abort() })).rejects.toThrow('already');
      await client.publisher(at.topic).publish([message('a')]);
      await again.until(() => again.handled.length === 1);
      await subscription.close();
      await again.done;
    });

    it('buffers a bounded part of a backlog while the handler is slow, and holds up no publisher', async () => {
      const client = await at.connect();
      const publisher = client.publisher(at.topic);
      const before = heldBytes();
      const publish = () => publisher.publish(messages(4).map(({ key }) => message(key, Buffer.alloc(MIB / 4))));
      for (let i = 0; i < 48; i++) await publish();
      const go = Promise.withResolvers<void>();
      const consumer = consuming(at.subscribe(client, { maxBytes: MIB }), async () => {
        if (consumer.batches.length >= 3) await go.promise;
        return [];
      });
      await consumer.until(() => consumer.batches.length >= 3);
      await publish();
      const held = heldBytes() - before;
      go.resolve();
      await consumer.until(() => consumer.handled.length >= 196);
      await consumer.stop();
      // Of the 48 MiB that waited for the handler little was in this process.
      expect(held).toBeLessThan(24 * MIB);
    }, 30_000);
  });
}

/** Memory of byte arrays that are in use. */
function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().arrayBuffers;
}
