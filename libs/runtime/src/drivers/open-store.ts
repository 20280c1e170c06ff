import type { Config } from '@hub/config';
import type { Store } from '@hub/storage';

/**
 * Loads the driver that was chosen, and no other, and opens its store. Rejects with a HubError in words for people.
 * The imports are relative because the build does not rewrite aliases in import().
 */
export async function openStore({ storage, retentionDays }: Config): Promise<Store> {
  const { openSqliteStore } = await import('../../../storage/sqlite/index.ts');
  if (storage.type !== 'SQLITE') throw new Error('later');
  return openSqliteStore({ path: storage.path, retentionDays });
}
