import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from '@jest/globals';
import { openMongoStore } from '@hub/storage/mongo';
import { describeStorageContract, RETENTION_DAYS, type StoreSite } from '@hub/storage/testkit';
import mongoose from 'mongoose';
import { describeWith } from '../servers/describe-with.ts';
import { ANY_MONGO_PROBE, MONGO_PURPOSE, mongoForTests, type MongoServer } from '../servers/mongo.ts';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const LOADERS = ['aliases.mjs', 'swc-loader.mjs'].map((name) => `--import=${file(`../support/${name}`)}`);
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning', ...LOADERS];

describeWith(ANY_MONGO_PROBE, MONGO_PURPOSE, 'MongoDB', () => {
  let server: MongoServer;
  beforeAll(async () => void (server = await mongoForTests()), 120_000);
  afterAll(() => server.stop(), 60_000);

  async function create(): Promise<StoreSite> {
    const { uri } = server;
    const database = `hub_test_${randomBytes(6).toString('hex')}`;
    return {
      open: () => openMongoStore({ uri, database, collection: 'posts', retentionDays: RETENTION_DAYS }),
      spawnApplier: (first) =>
        spawn(process.execPath, [...NODE_OPTIONS, file('storage-mongo.applier.ts'), uri, database, String(first)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      remove: async () => {
        const connection = await mongoose.createConnection(uri).asPromise();
        await connection.useDb(database).dropDatabase();
        await connection.close();
      },
    };
  }

  describeStorageContract('MongoDB', { create });
});
