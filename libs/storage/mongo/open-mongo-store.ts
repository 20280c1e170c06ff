import type { Store } from '@hub/storage';
import { bindCollections } from './collections.ts';
import { connect } from './connect.ts';
import { MongoStore } from './mongo-store.ts';
import { patiently } from './patience.ts';
import { prepare } from './prepare.ts';

export interface MongoStoreOptions {
  /** Of a replica set or a sharded cluster. */
  uri: string;
  database: string;
  /** Of posts; others are named after it. */
  collection: string;
  /** How long posts and changes are kept after they were stored; ids of deleted posts twice as long. */
  retentionDays: number;
}

const DAY_MS = 86_400_000;

/** Opens the store, and makes it if there is none. Rejects with a HubError that says what is in the way. */
export async function openMongoStore({ uri, database, collection, retentionDays }: MongoStoreOptions): Promise<Store> {
  const connection = await connect(uri);
  try {
    const db = connection.useDb(database);
    const bound = bindCollections(db, connection.getClient().db(database), collection);
    const id = await patiently(() => prepare(bound));
    return new MongoStore({ connection, collections: bound.collections, id, retentionMs: retentionDays * DAY_MS });
  } catch (error) {
    await connection.close();
    throw error;
  }
}
