import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { GenericPubSubServiceService, PubSubGenericMessage } from '@hub/contracts/proto';
import { messages, uriOf } from './posts.ts';
import type { Order, Report, SenderData } from './sender.ts';

const BATCH = 500;
const STREAMS_AT_ONCE = 4;

const { port, statuses } = workerData as SenderData;
const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
/** Encoded when they are made, not when they are sent. */
const waiting: Buffer[] = [];

function encode(message: PubSubGenericMessage): Buffer {
  return Buffer.from(PubSubGenericMessage.encode(message).finish());
}

/** As fast as they are taken. */
async function sendAll(): Promise<void> {
  const lanes = Array.from({ length: STREAMS_AT_ONCE }, async () => {
    while (waiting.length > 0) await publish(waiting.splice(0, BATCH));
  });
  await Promise.all(lanes);
}

/** At a steady rate; a stream takes what waits. Resolves with when each was due to be sent, and was. */
async function sendEvenly(run: string, rate: number, count: number): Promise<[string, number][]> {
  const posts = messages(statuses, run);
  const sent: [string, number][] = [];
  let sending: Promise<void> | undefined;
  const pump = () => {
    if (sending !== undefined || waiting.length === 0) return;
    sending = publish(waiting.splice(0)).finally(() => {
      sending = undefined;
      pump();
    });
  };
  const started = performance.now();
  for (let n = 0; n < count; n += 1) {
    const due = started + (n * 1000) / rate;
    if (due > performance.now()) await sleep(due - performance.now());
    waiting.push(encode(posts.next().value));
    sent.push([uriOf(run, n), performance.timeOrigin + performance.now()]);
    pump();
  }
  return sent;
}

/** Resolves when the producer has acknowledged the stream. */
async function publish(batch: readonly Buffer[]): Promise<void> {
  const { path, responseDeserialize } = GenericPubSubServiceService.publish;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const call = client.makeClientStreamRequest(
    path,
    (encoded: Buffer) => encoded,
    responseDeserialize,
    new Metadata(),
    {},
    (error, answer) =>
      error === null && answer?.success === true ? resolve() : reject(error ?? new Error('not acknowledged')),
  );
  for (const message of batch) {
    if (!call.write(message)) await new Promise<void>((drained) => call.once('drain', drained));
  }
  call.end();
  return promise;
}

async function obey(order: Order): Promise<Report> {
  switch (order.kind) {
    case 'prepare':
      waiting.push(...messages(statuses, order.run).take(order.count).map(encode));
      await promisify(client.waitForReady.bind(client))(Date.now() + 5_000);
      return [];
    case 'send all':
      await sendAll();
      return [];
    case 'send evenly':
      return sendEvenly(order.run, order.rate, order.count);
  }
}

parentPort?.on('message', (order: Order) => void obey(order).then((report) => parentPort?.postMessage(report)));
