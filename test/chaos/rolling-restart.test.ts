import { afterAll, beforeAll, it } from '@jest/globals';
import { rollingRestart } from '../e2e/support/rolling-restart.ts';
import { describeWith } from '../servers/describe-with.ts';
import { ANY_MONGO_PROBE, mongoForTests, MONGO_PURPOSE, type MongoServer } from '../servers/mongo.ts';

describeWith(ANY_MONGO_PROBE, MONGO_PURPOSE, 'gateways on MongoDB', () => {
  let mongo: MongoServer;
  // The first time takes a download.
  beforeAll(async () => {
    mongo = await mongoForTests();
  }, 120_000);
  afterAll(() => mongo.stop());

  it('lose nothing when they are restarted one after another', async () => {
    const MONGODB_DATABASE = `rolling${Date.now()}`;
    await rollingRestart({ STORE_TYPE: 'MONGODB', MONGODB_URI: mongo.uri, MONGODB_DATABASE });
  }, 300_000);
});
