import { status, type ServiceError } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BrokerUnavailableError } from '@hub/messaging';
import { created, message, startProducer, until, type Producer } from './testkit/harness.ts';

const code = (answer: Promise<unknown>) =>
  answer.then(
    () => status.OK,
    (error: ServiceError) => error.code,
  );

let producer: Producer;

beforeEach(async () => {
  producer = await startProducer();
});

afterEach(() => producer.stop());

describe('when it fails or stops', () => {
  it('is UNAVAILABLE at once when the broker is away, although the stream is still open', async () => {
    producer.publisher.onPublish = () => Promise.reject(new BrokerUnavailableError('The broker does not answer.'));
    const { stream, answer } = producer.publish();
    stream.write(message(created('1')));
    await expect(answer).rejects.toMatchObject({ code: status.UNAVAILABLE, details: 'The broker does not answer.' });
  });

  it('is INTERNAL, without the words, when something unforeseen happens', async () => {
    producer.publisher.onPublish = () => Promise.reject(new TypeError('password=hunter2'));
    const { stream, answer } = producer.publish();
    stream.end(message(created('1')));
    await expect(answer).rejects.toMatchObject({
      code: status.INTERNAL,
      details: expect.not.stringContaining('hunter2'),
    });
  });

  it('honours the deadline while the broker keeps silent', async () => {
    const silent = Promise.withResolvers<void>();
    producer.publisher.onPublish = () => silent.promise;
    const { stream, answer } = producer.publish({ deadline: Date.now() + 150 });
    stream.end(message(created('1')));
    expect(await code(answer)).toBe(status.DEADLINE_EXCEEDED);
    await until(async () => (await producer.metric('hub_publishing_streams'))[0]?.value === 0);
    const outcome = { labels: { status: 'CANCELLED' }, value: 1 };
    expect(await producer.metric('hub_publishing_streams_total')).toMatchObject([outcome]);
    silent.resolve();
  });

  it('holds a client that is faster than the broker', async () => {
    await producer.stop();
    producer = await startProducer({ maxStreamBytes: 64 * 1024 });
    const acknowledge = Promise.withResolvers<void>();
    producer.publisher.onPublish = () => acknowledge.promise;
    const { stream, answer } = producer.publish();
    const big = message(created('1', { content: 'x'.repeat(16 * 1024) }));
    for (let i = 0; i < 1000; i += 1) stream.write(big);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const received = (await producer.metric('hub_publishing_messages_total'))[0]!.value;
    expect(received).toBeLessThan(40);
    acknowledge.resolve();
    stream.end();
    expect(await answer).toEqual({ success: true });
  });

  it('is RESOURCE_EXHAUSTED for a message that is too large', async () => {
    await producer.stop();
    producer = await startProducer({ maxMessageBytes: 1000 });
    const { stream, answer } = producer.publish();
    stream.write(message(created('1', { content: 'x'.repeat(2000) })));
    expect(await code(answer)).toBe(status.RESOURCE_EXHAUSTED);
    expect(producer.publisher.stored).toEqual([]);
  });

  it('lets a running stream finish when it stops', async () => {
    const acknowledge = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<void>();
    producer.publisher.onPublish = () => {
      seen.resolve();
      return acknowledge.promise;
    };
    const { stream, answer } = producer.publish();
    stream.end(message(created('1')));
    await seen.promise;
    const closed = producer.stop();
    acknowledge.resolve();
    expect(await answer).toEqual({ success: true });
    await closed;
  });

  it('ends a stream that never ends with UNAVAILABLE when it stops', async () => {
    await producer.stop();
    producer = await startProducer({ drainMs: 50 });
    const seen = Promise.withResolvers<void>();
    producer.publisher.onPublish = () => Promise.resolve(seen.resolve());
    const { stream, answer } = producer.publish();
    stream.write(message(created('1')));
    await seen.promise;
    const [result] = await Promise.all([code(answer), producer.stop()]);
    expect(result).toBe(status.UNAVAILABLE);
  });
});
