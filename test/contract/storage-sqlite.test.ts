import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteStore } from '@hub/storage/sqlite';
import { describeStorageContract, RETENTION_DAYS, type StoreSite } from '@hub/storage/testkit';

const inThisFolder = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const NODE_OPTIONS = [
  '--disable-warning=ExperimentalWarning',
  '--experimental-transform-types',
  '--import',
  inThisFolder('../support/aliases.mjs'),
];

async function create(): Promise<StoreSite> {
  const folder = await mkdtemp(join(tmpdir(), 'hub-store-'));
  const path = join(folder, 'store.db');
  return {
    open: () => openSqliteStore({ path, retentionDays: RETENTION_DAYS }),
    spawnApplier: (first) =>
      spawn(process.execPath, [...NODE_OPTIONS, inThisFolder('storage-sqlite.applier.ts'), path, String(first)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    remove: () => rm(folder, { recursive: true }),
  };
}

describeStorageContract('SQLite', { create });
