import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataCorruptError, DataVersionError, translateSqliteError } from './errors.ts';

export interface DatabaseOptions {
  path: string;
  /** Tells our files from others': https://www.sqlite.org/pragma.html#pragma_application_id */
  applicationId: number;
  /** Step i takes the data from format i to i + 1. Only ever appended to. */
  migrations: readonly string[];
  /** A second connection that only reads; the file exists already. */
  readOnly?: boolean;
}

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens (and makes or migrates) a database: write-ahead log, synced at every commit, so that what is committed survives
 * a crash of the machine too; what is deleted is overwritten.
 */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  const { path, readOnly = false } = options;
  try {
    if (!readOnly) mkdirSync(dirname(path), { recursive: true });
    const db = new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS });
    if (!readOnly) prepare(db, options);
    db.exec('PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY');
    return db;
  } catch (error) {
    throw translateSqliteError(error, path);
  }
}

function prepare(db: DatabaseSync, { path, applicationId, migrations }: DatabaseOptions): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = pragma(db, 'user_version');
    const owner = pragma(db, 'application_id');
    if (version > migrations.length) throw new DataVersionError(path, version, migrations.length);
    if (version > 0 && owner !== applicationId) throw new DataCorruptError(path);
    for (const step of migrations.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${applicationId}; COMMIT`);
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    db.close();
    throw error;
  }
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id' | 'data_version'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** Changes whenever another connection, of any process, has committed to the file. */
export function dataVersion(db: DatabaseSync): number {
  return pragma(db, 'data_version');
}
