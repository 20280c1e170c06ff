import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BrokerUnavailableError, type MessagingEvent } from '@hub/messaging';
import { openKafkaBroker, type KafkaBroker } from './index.ts';

const topics = { partitions: 1, retentionDays: 1 };

describe('openKafkaBroker', () => {
  it('wants to know a broker', async () => {
    await expect(openKafkaBroker({ brokers: [], topics })).rejects.toMatchObject({ code: 'invalid_config' });
  });
});

describe('while the cluster is away', () => {
  const events: MessagingEvent[] = [];
  let broker: KafkaBroker;

  beforeEach(async () => {
    events.length = 0;
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    await once(nobody, 'close');
    broker = await openKafkaBroker({
      brokers: [`127.0.0.1:${port}`],
      topics,
      observe: (event) => events.push(event),
    });
  });

  afterEach(() => broker.close());

  it('rejects what is published as retryable, all of it, and says why', async () => {
    const publisher = broker.publisher('t');
    const envelope = { key: 'k', value: new Uint8Array(1), headers: {} };
    const results = await Promise.allSettled([publisher.publish([envelope]), publisher.publish([envelope])]);
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: expect.any(BrokerUnavailableError) as unknown });
      expect(String(result.status === 'rejected' && result.reason)).toContain('ECONNREFUSED');
    }
    await publisher.close();
    await expect(publisher.publish([envelope])).rejects.toMatchObject({ code: 'shutting_down' });
  }, 15_000);

  it('waits to consume until it is told to end', async () => {
    const subscription = broker.subscription({ topic: 't', group: 'g', backoff: { firstMs: 1, capMs: 5 } });
    await expect(subscription.lag()).rejects.toBeInstanceOf(BrokerUnavailableError);
    const ending = new AbortController();
    const consuming = subscription.consume(async () => [], ending);
    while (!events.some((event) => event.kind === 'retried' && event.failures === 2)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    ending.abort();
    await consuming;
  }, 15_000);
});
