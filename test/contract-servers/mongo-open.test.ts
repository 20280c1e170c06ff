import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HubError } from '@hub/contracts';
import type { Store } from '@hub/storage';
import { openMongoStore } from '@hub/storage/mongo';
import { anUpsert, aPost } from '@hub/storage/testkit';
import mongoose, { type Connection } from 'mongoose';
import { describeWith } from '../servers/describe-with.ts';
import { MONGO_PURPOSE, startMongo, type MongoServer } from '../servers/mongo.ts';
import { PIP_PROBE } from '../servers/python-packages.ts';
import { freePort } from '../servers/server-process.ts';

// Two busy cores make a server slow.
jest.setTimeout(60_000);

const SECRET = 'sEcreT';

function open(uri: string, database = 'hub'): Promise<Store> {
  return openMongoStore({ uri, database, collection: 'posts', retentionDays: 7 });
}

async function refusal(uri: string): Promise<HubError> {
  try {
    await (await open(uri)).close();
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
  throw new Error('it was opened');
}

describe('opening a MongoDB store that cannot be', () => {
  it('names the variable of what is no URI, and none of its value', async () => {
    for (const uri of [
      '',
      SECRET,
      `http://u:${SECRET}@h/`,
      `mongodb://u:${SECRET}@ss@h/`,
      `mongodb://h/?${SECRET}=1`,
    ]) {
      const error = await refusal(uri);
      expect(error).toMatchObject({ code: 'invalid_config', message: expect.stringContaining('MONGODB_URI') });
      expect(JSON.stringify([error, error.message, String(error.cause)])).not.toContain(SECRET);
    }
  });

  it('is over in seconds if nobody listens or the name is unknown, with the word of the system', async () => {
    const nobody = await refusal(`mongodb://u:${SECRET}@127.0.0.1:${await freePort()}/`);
    expect(nobody).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining('ECONNREFUSED') });
    const unknown = await refusal(`mongodb://u:${SECRET}@host.invalid/`);
    expect(unknown).toMatchObject({ code: 'store_unavailable', message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
    for (const { message } of [nobody, unknown]) expect(message).not.toMatch(new RegExp(`${SECRET}|127.0.0.1|invalid`));
  }, 30_000);

  it('tells of a certificate that cannot be read', async () => {
    const error = await refusal('mongodb://127.0.0.1/?tls=true&tlsCAFile=/no/such/file');
    expect(error).toMatchObject({ code: 'invalid_config', message: expect.stringContaining('file') });
  });
});

describeWith(PIP_PROBE, MONGO_PURPOSE, 'opening a MongoDB store', () => {
  let server: MongoServer;
  let connection: Connection;
  beforeAll(async () => {
    server = await startMongo();
    connection = await mongoose.createConnection(server.uri, { dbName: 'hub' }).asPromise();
  }, 120_000);
  afterAll(async () => {
    await connection.close();
    await server.stop();
  }, 60_000);

  it('refuses a server that runs alone, and says what to do', async () => {
    const alone = await startMongo(['--standalone']);
    for (const uri of [alone.uri, `${alone.uri}?replicaSet=rs0`]) {
      const error = await refusal(uri);
      expect(error).toMatchObject({ code: 'invalid_config', message: expect.stringContaining('rs.initiate()') });
    }
    await alone.stop();
  }, 60_000);

  it('tells a wrong password from a server that is away', async () => {
    const error = await refusal(server.uri.replace('://', `://user:${SECRET}@`));
    expect(error).toMatchObject({ code: 'invalid_config', retryable: false });
    expect(error.message).not.toContain(SECRET);
  });

  it('may be done by several processes at once, and makes everything once', async () => {
    const stores = await Promise.all([1, 2, 3].map(() => open(server.uri, 'at_once')));
    const heads = await Promise.all(stores.map((store) => store.head()));
    expect(new Set(heads.map((cursor) => cursor.slice(0, 8))).size).toBe(1);
    await stores[0]?.apply([anUpsert(aPost())]);
    expect(await stores[2]?.counts()).toMatchObject({ posts: 1 });
    await Promise.all(stores.map((store) => store.close()));
  });

  it('finishes what is being applied when it is closed', async () => {
    const store = await open(server.uri, 'closing');
    const applied = store.apply([anUpsert(aPost())]);
    await store.close();
    expect(await applied).toEqual(['created']);
    for (const call of [store.apply([]), store.head()]) {
      await expect(call).rejects.toMatchObject({ code: 'shutting_down' });
    }
  });

  it('ends watchers when it is closed, those that wait and those that just begin', async () => {
    const store = await open(server.uri, 'watched');
    const watch = () => store.watch({ signal: new AbortController().signal })[Symbol.asyncIterator]();
    const waiting = watch();
    const first = waiting.next();
    await store.apply([anUpsert(aPost())]);
    await first;
    const ended = Promise.allSettled([waiting.next(), watch().next()]);
    await store.close();
    const closed = { status: 'rejected', reason: expect.objectContaining({ code: 'shutting_down' }) };
    expect(await ended).toEqual([closed, closed]);
  });

  it('leaves what others keep in the collection alone, and shows none of it', async () => {
    const db = connection.useDb('shared');
    await db.collection('posts').insertOne({ uri: 'https://old.example/1', content: 'from the system before' });
    const store = await open(server.uri, 'shared');
    await store.apply([anUpsert(aPost())]);
    expect((await store.page({ filter: {}, limit: 10 })).posts).toHaveLength(1);
    expect(await db.collection('posts').countDocuments()).toBe(2);
    await store.close();
  });

  it('refuses the data of a newer version', async () => {
    await (await open(server.uri)).close();
    await connection.collection('posts_state').updateOne({ _id: 'store' as never }, { $set: { format: 99 } });
    expect(await refusal(server.uri)).toMatchObject({ code: 'data_version' });
  });

  it('has the server refuse documents of another form', async () => {
    await (await open(server.uri, 'checked')).close();
    const posts = connection.useDb('checked').collection('posts');
    const expireAt = new Date();
    const post = { ...aPost(), visibility: 'private' };
    const version = { at: 1 };
    for (const ill of [
      {},
      { expireAt: 'soon' },
      { expireAt, feedType: 'x' },
      { expireAt, version },
      { expireAt, post },
    ]) {
      await expect(posts.insertOne({ _id: 'x' as never, ...ill })).rejects.toMatchObject({ code: 121 });
    }
    await posts.insertOne({ _id: 'x' as never, expireAt });
  });
});
