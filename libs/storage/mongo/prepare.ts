import { randomBytes } from 'node:crypto';
import { HubError } from '@hub/contracts';
import type { mongo } from 'mongoose';
import type { BoundCollections, Collections } from './collections.ts';
import { isKind } from './errors.ts';
import { STORE_ID } from './records/state.record.ts';

/** Of the documents that this program writes. */
const FORMAT = 1;

/**
 * Makes collections, validation and indexes where they are missing. Returns the store's own name. Rejects with
 * `data_version` if a newer program wrote there.
 */
export async function prepare({ collections, descriptions }: BoundCollections): Promise<string> {
  const { db, state } = collections;
  const known = await state.findOne({ _id: STORE_ID });
  if (known?.format !== undefined && known.format > FORMAT) throw newer(known.format);
  if (known === null) {
    for (const { collection, schema } of descriptions) {
      await makeCollection(db, collection.name, schema.toJSONSchema({ useBsonType: true }));
    }
  }
  for (const description of descriptions) await description.createIndexes();
  return known?.id ?? (await name(collections));
}

async function makeCollection(db: mongo.Db, name: string, $jsonSchema: Record<string, unknown>): Promise<void> {
  const validator = { $jsonSchema };
  try {
    await db.createCollection(name, { validator });
  } catch (error) {
    if (!isKind(error, 'namespaceExists')) throw error;
    // What others keep there stays as it is.
    await db.command({ collMod: name, validator, validationLevel: 'moderate' });
  }
}

/** Last, and so the sign that all was made. Of several who name it at once, the first wins. */
async function name({ state }: Collections): Promise<string> {
  const id = randomBytes(4).toString('hex');
  try {
    await state.insertOne({ _id: STORE_ID, format: FORMAT, id });
  } catch (error) {
    if (!isKind(error, 'writeConflict')) throw error;
  }
  return (await state.findOne({ _id: STORE_ID }))?.id ?? id;
}

function newer(format: number): HubError {
  return new HubError(
    'data_version',
    `The MongoDB database was written by a newer version of the hub (format ${format}; this one knows ${FORMAT}): ` +
      'start that version, or name another database in MONGODB_DATABASE.',
  );
}
