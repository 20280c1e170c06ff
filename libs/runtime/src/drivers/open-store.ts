import type { Config } from '@hub/config';
import type { Store } from '@hub/storage';

/**
 * Loads the driver that was chosen, and no other, and opens its store. Rejects with a HubError in words for people.
 * The imports are relative because the build does not rewrite aliases in import().
 */
export async function openStore({ storage, retentionDays }: Config): Promise<Store> {
  switch (storage.type) {
    case 'SQLITE': {
      const { openSqliteStore } = await import('../../../storage/sqlite/index.ts');
      return openSqliteStore({ path: storage.path, retentionDays });
    }
    case 'MONGODB': {
      const { openMongoStore } = await import('../../../storage/mongo/index.ts');
      const { uri, database, collection } = storage;
      return openMongoStore({ uri, database, collection, retentionDays });
    }
  }
}
