import type { mongo } from 'mongoose';
import { isUnknownCommit } from './errors.ts';

export const TRANSACTION = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true, wtimeoutMS: 10_000 },
  readPreference: 'primary',
} as const satisfies mongo.TransactionOptions;

/** Asks again where the answer was lost: a commit has its effect once. */
export async function commit(session: mongo.ClientSession, tries = 3): Promise<void> {
  try {
    await session.commitTransaction();
  } catch (error) {
    if (tries === 1 || !isUnknownCommit(error)) throw error;
    await commit(session, tries - 1);
  }
}
