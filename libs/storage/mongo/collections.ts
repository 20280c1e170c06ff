import type { Connection, mongo } from 'mongoose';
import { GapSchema, type GapRecord } from './records/gap.record.ts';
import { NameSchema, type NameRecord } from './records/name.record.ts';
import { PostSchema, type PostRecord } from './records/post.record.ts';
import { StateSchema, type StateRecord } from './records/state.record.ts';

/**
 * Where the store keeps its documents. Mongoose describes them (indexes, validation); they are read and written as
 * they are, because casting each of thousands of posts a second costs more than storing it.
 */
export interface Collections {
  db: mongo.Db;
  posts: mongo.Collection<PostRecord>;
  names: mongo.Collection<NameRecord>;
  gaps: mongo.Collection<GapRecord>;
  state: mongo.Collection<StateRecord>;
}

/** What Mongoose knows of a collection. */
export interface Description {
  collection: { name: string };
  schema: { toJSONSchema(options: { useBsonType: true }): Record<string, unknown> };
  createIndexes(): Promise<void>;
}

export interface BoundCollections {
  collections: Collections;
  descriptions: Description[];
}

/** @param name of the collection of posts; the others are named after it */
export function bindCollections(connection: Connection, db: mongo.Db, name: string): BoundCollections {
  return {
    descriptions: [
      connection.model('Post', PostSchema, name),
      connection.model('Name', NameSchema, `${name}_names`),
      connection.model('Gap', GapSchema, `${name}_gaps`),
      connection.model('State', StateSchema, `${name}_state`),
    ],
    collections: {
      db,
      posts: db.collection(name),
      names: db.collection(`${name}_names`),
      gaps: db.collection(`${name}_gaps`),
      state: db.collection(`${name}_state`),
    },
  };
}
