import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeEvent, PublicPost } from '@hub/contracts/proto';
import { created, message, post, startProducer, type Producer } from './testkit/harness.ts';

let producer: Producer;

beforeEach(async () => {
  producer = await startProducer();
});

afterEach(() => producer.stop());

describe('Publish', () => {
  it('puts events on the log as they came', async () => {
    const { stream, answer } = producer.publish();
    const sent = message(created('1'));
    stream.end(sent);
    expect(await answer).toEqual({ success: true });
    expect(producer.publisher.stored).toHaveLength(1);
    const [envelope] = producer.publisher.stored;
    expect(envelope!.key).toBe('a.example/1');
    expect(Buffer.from(envelope!.value).equals(Buffer.from(sent.value))).toBe(true);
    expect(decodeEvent(envelope!, 0).ingestSequence).toBe(7);
  });

  it('publishes a lone message before the stream ends, and answers only after the acknowledgement', async () => {
    const acknowledge = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<void>();
    producer.publisher.onPublish = () => {
      seen.resolve();
      return acknowledge.promise;
    };
    const { stream, answer } = producer.publish();
    let answered = false;
    const settled = answer.then(() => (answered = true));
    stream.write(message(created('1')));
    await seen.promise;
    stream.end();
    expect(await producer.publishPosts([])).toMatchObject({ success: true }); // a whole round trip later
    expect(answered).toBe(false);
    acknowledge.resolve();
    await settled;
    expect(answered).toBe(true);
  });

  it('gathers what arrives while the broker works, and keeps the order', async () => {
    producer.publisher.onPublish = () => new Promise((resolve) => setTimeout(resolve, 2));
    const { stream, answer } = producer.publish();
    for (let i = 0; i < 500; i += 1) stream.write(message(created(String(i))));
    stream.end();
    await answer;
    expect(producer.publisher.stored.map(({ key }) => key)).toEqual(
      Array.from({ length: 500 }, (_, i) => `a.example/${i}`),
    );
    expect(producer.publisher.calls).toBeLessThan(50);
  });

  it('keeps back what is not public, and says the stream succeeded', async () => {
    const { stream, answer } = producer.publish();
    stream.write(message(created('1', { visibility: 'private' })));
    stream.write(message(created('2', { visibility: '' })));
    stream.end(message(created('3')));
    expect(await answer).toEqual({ success: true });
    expect(producer.publisher.stored.map(({ key }) => key)).toEqual(['a.example/3']);
    expect(await producer.metric('hub_publishing_refused_total')).toEqual([
      { labels: { reason: 'not_public' }, value: 2 },
    ]);
  });

  it('turns an edit that hides a post into its removal', async () => {
    const { stream, answer } = producer.publish();
    const hidden = {
      $case: 'edited' as const,
      value: { post: post('1', { visibility: 'unlisted', content: 'secret' }) },
    };
    stream.end(message({ ...created('1'), event: hidden }));
    await answer;
    const event = decodeEvent(producer.publisher.stored[0]!, 0);
    expect(event.event).toEqual({ $case: 'deleted', value: { reason: 'withdrawn' } });
    expect(Buffer.from(producer.publisher.stored[0]!.value).includes('secret')).toBe(false);
  });

  it('reads a bare post, as the original clients send it', async () => {
    const { stream, answer } = producer.publish();
    stream.end({ key: Buffer.from('b.example/9'), value: PublicPost.encode(post('9')).finish(), attributes: {} });
    await answer;
    const event = decodeEvent(producer.publisher.stored[0]!, 0);
    expect(event).toMatchObject({ source: 'b.example', localId: '9', event: { $case: 'created' } });
    expect(event.ingestSequence).toBeGreaterThan(1e15);
  });

  it('refuses a bare post that is not public', async () => {
    const { stream, answer } = producer.publish();
    const value = PublicPost.encode(post('9', { visibility: 'direct' })).finish();
    stream.end({ key: Buffer.from('b.example/9'), value, attributes: {} });
    expect(await answer).toEqual({ success: true });
    expect(producer.publisher.stored).toEqual([]);
  });

  it('lets what it cannot read go on, for the processor to make a dead letter of', async () => {
    const { stream, answer } = producer.publish();
    stream.end({ key: Buffer.from('k'), value: Buffer.from([255, 255, 1]), attributes: {} });
    expect(await answer).toEqual({ success: true });
    expect(producer.publisher.stored).toEqual([{ key: 'k', value: expect.anything(), headers: {} }]);
    expect((await producer.metric('hub_publishing_unreadable_total'))[0]!.value).toBe(1);
  });
});

describe('PublishPost', () => {
  it('makes events of posts, with the source read from their URI', async () => {
    const answer = await producer.publishPosts([post('1'), post('2', { visibility: 'private' }), post('3')]);
    expect(answer).toEqual({ success: true, message: '3 posts accepted' });
    const events = producer.publisher.stored.map((envelope) => decodeEvent(envelope, 0));
    expect(events.map(({ source, localId }) => `${source}/${localId}`)).toEqual(['a.example/1', 'a.example/3']);
    expect(events[1]!.ingestSequence).toBeGreaterThan(events[0]!.ingestSequence);
  });

  it('does not let one unusable post stop the others', async () => {
    const answer = await producer.publishPosts([post('1', { uri: 'nonsense' }), post('2')]);
    expect(answer.success).toBe(true);
    expect(producer.publisher.stored).toHaveLength(2);
    expect(() => decodeEvent(producer.publisher.stored[0]!, 0)).toThrow('no usable URI');
  });
});
