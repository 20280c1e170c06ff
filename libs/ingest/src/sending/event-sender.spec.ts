import { status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { Registry } from 'prom-client';
import { IngestMetrics } from '../metrics.ts';
import { anEvent } from '../testkit/an-event.ts';
import { TestProducer } from '../testkit/producer.ts';
import { EventSender } from './event-sender.ts';

Logger.overrideLogger(false);

let producer: TestProducer;
let sender: EventSender;
let stop: AbortController;
let running: Promise<void>;

async function start(queueBytes = 8 * 1024 * 1024): Promise<void> {
  producer = await new TestProducer().start();
  sender = new EventSender(producer.address, queueBytes, new IngestMetrics(new Registry()));
  stop = new AbortController();
  running = sender.run(stop.signal);
}

const send = (id: number, content?: string) =>
  new Promise<void>((resolve) => sender.send(anEvent(id, content), resolve));
const sendAll = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => send(i)));
const upTo = (count: number) => Array.from({ length: count }, (_, i) => String(i));

beforeEach(() => start());

afterEach(async () => {
  stop.abort();
  await running;
  sender.close();
  producer.kill();
});

describe('EventSender', () => {
  it('sends a lone event at once', async () => {
    await send(1);
    const begun = performance.now();
    await send(2);
    expect(performance.now() - begun).toBeLessThan(250);
    expect(producer.acknowledged.map(({ localId }) => localId)).toEqual(['1', '2']);
  });

  it('gathers what comes while a stream is on its way, in order', async () => {
    let streams = 0;
    producer.behaviour = (call, reply) => {
      streams += 1;
      return producer.accept(call, reply);
    };
    await sendAll(2000);
    expect(producer.acknowledged.map(({ localId }) => localId)).toEqual(upTo(2000));
    expect(streams).toBeLessThan(20);
  });

  it('loses nothing when the producer is killed in mid-stream and starts again', async () => {
    const half = Promise.withResolvers<void>();
    producer.behaviour = (call) => {
      let read = 0;
      call.on('data', () => (read += 1) === 100 && half.resolve());
    };
    const all = sendAll(1000);
    await half.promise;
    producer.kill();
    producer.behaviour = (call, reply) => producer.accept(call, reply);
    await producer.start();
    await all;
    expect(producer.acknowledged.map(({ localId }) => localId)).toEqual(upTo(1000));
  }, 20_000);

  it('sends again what was not acknowledged', async () => {
    const answers = [
      { code: status.UNAVAILABLE, details: 'the broker is away' },
      { code: status.INTERNAL, details: 'x' },
    ];
    producer.behaviour = async (call, reply) => {
      const error = answers.shift();
      if (error === undefined) await producer.accept(call, reply);
      else call.on('data', () => undefined).on('end', () => reply(error));
    };
    await sendAll(10);
    expect(producer.acknowledged.map(({ localId }) => localId)).toEqual(upTo(10));
  });

  it('takes success: false for no acknowledgement', async () => {
    let refusals = 2;
    producer.behaviour = async (call, reply) => {
      if ((refusals -= 1) < 0) await producer.accept(call, reply);
      else call.on('data', () => undefined).on('end', () => reply(null, { success: false }));
    };
    await send(1);
    expect(refusals).toBe(-1);
  });

  it('gives up the one event that the producer can never take, and no other', async () => {
    producer.behaviour = async (call, reply) => {
      const before = producer.acknowledged.length;
      await producer.accept(call, (error, value) => {
        if (producer.acknowledged.slice(before).every(({ localId }) => localId !== '5')) return reply(error, value);
        producer.acknowledged.length = before;
        return reply({ code: status.RESOURCE_EXHAUSTED, details: 'too large' });
      });
    };
    await sendAll(10);
    expect(producer.acknowledged.map(({ localId }) => localId)).toEqual(upTo(10).filter((id) => id !== '5'));
  }, 20_000);

  it('never tries an event beyond what producers take', async () => {
    await Promise.all([send(1), send(2, 'x'.repeat(1_100_000)), send(3)]);
    expect(producer.acknowledged.map(({ localId }) => localId)).toEqual(['1', '3']);
  });

  it('is full at its bound, says when there is room, and does not run ahead of a slow producer', async () => {
    stop.abort();
    await running;
    sender.close();
    producer.kill();
    await start(256 * 1024);
    const content = 'x'.repeat(10_000);
    const go = Promise.withResolvers<void>();
    let read = 0;
    producer.behaviour = async (call, reply) => {
      call.on('end', () => reply(null, { success: true }));
      await go.promise;
      call.on('data', () => (read += 1));
    };
    const sent: Promise<void>[] = [];
    for (let i = 0; !sender.full; i += 1) sent.push(send(i, content));
    expect(sent.length).toBeLessThan(30);
    const room = sender.room().then(() => read);
    go.resolve();
    expect(await room).toBeGreaterThan(0);
    await Promise.all(sent);
    expect(read).toBe(sent.length);
  });

  it('drains within its time, and tells what is left', async () => {
    void send(1);
    expect(await sender.drain(2000)).toBe(0);
    producer.behaviour = () => undefined;
    void send(2);
    expect(await sender.drain(50)).toBe(1);
  });
});
