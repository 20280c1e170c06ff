import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataCorruptError, DataVersionError, StorageUnavailableError, translateSqliteError } from './errors.ts';

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

const WRITE_AHEAD_LOG = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON';

/**
 * Opens (and makes or migrates) a database: write-ahead log, synced at every commit, so that what is committed survives
 * a crash of the machine too; what is deleted is overwritten.
 */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
  const { path, readOnly = false } = options;
  if (!readOnly) makeFolder(path);
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT_MS });
    // Before anything is written: another's file is left as it is.
    checkOwner(db, options);
    if (!readOnly) prepare(db, options);
    db.exec('PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY');
    return db;
  } catch (error) {
    db?.close();
    throw translateSqliteError(error, path);
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (cause) {
    throw new StorageUnavailableError(path, 'its folder cannot be made: may this user write there?', { cause });
  }
}

function prepare(db: DatabaseSync, options: DatabaseOptions): void {
  const { applicationId, migrations } = options;
  db.exec(WRITE_AHEAD_LOG);
  db.exec('BEGIN IMMEDIATE');
  // Again: another process may have been faster.
  const version = checkOwner(db, options);
  for (const step of migrations.slice(version)) db.exec(step);
  db.exec(`PRAGMA user_version = ${migrations.length}; PRAGMA application_id = ${applicationId}; COMMIT`);
}

/** The format that the file has: 0 when it is new. Throws if it is not ours, or newer than we know. */
function checkOwner(db: DatabaseSync, { path, applicationId, migrations }: DatabaseOptions): number {
  const version = pragma(db, 'user_version');
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']);
  const owner = pragma(db, 'application_id');
  const isNew = version === 0 && tables === 0 && owner === 0;
  if (!isNew && owner !== applicationId) throw new DataCorruptError(path);
  if (version > migrations.length) throw new DataVersionError(path, version, migrations.length);
  return version;
}

function pragma(db: DatabaseSync, name: 'user_version' | 'application_id' | 'data_version'): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** Changes whenever another connection, of any process, has committed to the file. */
export function dataVersion(db: DatabaseSync): number {
  return pragma(db, 'data_version');
}

/**
 * Brings the write-ahead log into the file and empties it, so that no copies of removed data stay in it. To be called
 * outside of transactions. False if other connections were using it: nothing is lost, try again later.
 */
export function truncateLog(db: DatabaseSync): boolean {
  db.exec('PRAGMA busy_timeout = 0');
  const result = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return result?.['busy'] === 0;
}
