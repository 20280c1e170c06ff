import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { mongo } from 'mongoose';

const POSTS = 'posts';
/** Without any progress. */
const LIMIT_MS = 60_000;
/** As the processor's image has them. */
const ARENAS = { MALLOC_ARENA_MAX: '2' };
const FLAGS = ['--enable-source-maps', '--max-semi-space-size=8', '--max-old-space-size=256'];
/** Counting costs the server something, too. */
const LOOK_EVERY_MS = 250;

export interface Consumed {
  perSecond: number;
  /** The most memory that the process has held, in MiB. */
  peakMiB: number;
}

/** The processor app on a topic that holds `count` posts: from the first stored to the last. */
export async function processorRate(
  env: Record<string, string>,
  uri: string,
  database: string,
  count: number,
): Promise<Consumed> {
  const entry = fileURLToPath(new URL('../../../../processor/apps/processor/src/main.js', import.meta.url));
  const app = spawn(process.execPath, [...FLAGS, entry], {
    env: { ...process.env, ...ARENAS, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const client = await mongo.MongoClient.connect(uri);
  try {
    const posts = client.db(database).collection(POSTS);
    const stored = () => posts.estimatedDocumentCount();
    await reached(stored, 1);
    const [started, before] = [performance.now(), await stored()];
    await reached(stored, count);
    const perSecond = (count - before) / ((performance.now() - started) / 1000);
    return { perSecond, peakMiB: peakMiB(app.pid ?? 0) };
  } finally {
    app.kill('SIGKILL');
    await client.close();
  }
}

async function reached(count: () => Promise<number>, wanted: number): Promise<void> {
  let [last, at] = [0, Date.now()];
  for (let now = await count(); now < wanted; now = await count()) {
    if (now > last) [last, at] = [now, Date.now()];
    if (Date.now() - at > LIMIT_MS) throw new Error(`${last} of ${wanted} posts, and no more in ${LIMIT_MS} ms`);
    await sleep(LOOK_EVERY_MS);
  }
}

function peakMiB(pid: number): number {
  const [, kibibytes = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes) / 1024;
}

/**
 * The same documents into collections with the same validation and indexes, by one bulkWrite a collection for each
 * batch that kafkajs hands over: no decoding, no sanitising, no versions, no transactions; offsets committed after each
 * batch.
 */
export async function bareLoopRate(
  brokers: string[],
  topic: string,
  uri: string,
  from: string,
  count: number,
): Promise<number> {
  const client = await mongo.MongoClient.connect(uri);
  const source = client.db(from);
  const names = (await source.listCollections({ type: 'collection' }).toArray()).map(({ name }) => name);
  const documents = new Map<string, mongo.Document[]>();
  for (const name of names) documents.set(name, await source.collection(name).find().toArray());
  const target = client.db(`${from}-bare`);
  for (const name of names) await copyDescription(source, target, name);
  const consumer = new Kafka({ brokers, logLevel: logLevel.NOTHING }).consumer({ groupId: 'bare' });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const { promise, resolve } = Promise.withResolvers<number>();
  let done = 0;
  let started = 0;
  await consumer.run({
    partitionsConsumedConcurrently: 4,
    eachBatchAutoResolve: true,
    eachBatch: async ({ batch }) => {
      started ||= performance.now();
      const at = done;
      done += batch.messages.length;
      const end = done;
      for (const [name, all] of documents) {
        const share = all.slice(Math.floor((all.length * at) / count), Math.floor((all.length * end) / count));
        if (share.length === 0) continue;
        const operations = share.map((document) => ({ insertOne: { document } }));
        await target
          .collection(name)
          .bulkWrite(operations, { ordered: false, writeConcern: { w: 'majority', j: true } });
      }
      if (end >= count) resolve(count / ((performance.now() - started) / 1000));
    },
  });
  const rate = await promise;
  await consumer.disconnect();
  await client.close();
  return rate;
}

/** Makes a collection as the store made its own. */
async function copyDescription(source: mongo.Db, target: mongo.Db, name: string): Promise<void> {
  const [described] = await source.listCollections({ name }).toArray();
  const validator = (described as { options?: { validator?: mongo.Document } }).options?.validator;
  const made = await target.createCollection(name, validator === undefined ? {} : { validator });
  for (const { key, name: index, unique, sparse, expireAfterSeconds } of await source.collection(name).indexes()) {
    if (index === '_id_') continue;
    const settings = { name: index, unique, sparse, expireAfterSeconds };
    await made.createIndex(
      key,
      Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
    );
  }
}
