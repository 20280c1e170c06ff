import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { postWords, type Post } from '@hub/contracts';
import type { PubSubGenericMessage } from '@hub/contracts/proto';

const BATCH = 500;
/** Written by triggers or by SQLite, or one row only. */
const NOT_COPIED = /^(sqlite_|search|store$)/;

interface Row extends Record<string, SQLInputValue> {}

/**
 * Posts per second of nothing but the SQLite writes that the pipeline makes for these posts: each batch appended to
 * the log in one transaction, the rows that the pipeline left in its store inserted in another, the log's position
 * moved and the batch removed in a third. One thread, prepared statements, the same schemas and pragmas.
 */
export function bareLoop(dataDir: string, posts: readonly PubSubGenericMessage[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-bare-'));
  try {
    const log = emptyCopy(join(dataDir, 'log.db'), join(folder, 'log.db'));
    const store = emptyCopy(join(dataDir, 'posts.db'), join(folder, 'posts.db'));
    const rows = readRows(join(dataDir, 'posts.db'));
    const writers = [...rows.keys()].map((table) => [table, inserter(store, table, rows.get(table) ?? [])] as const);
    const search = store.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)');
    const append = log.prepare('INSERT INTO segment (topic, last, count, published_at, body) VALUES (1, ?, ?, ?, ?)');
    log.exec(
      "INSERT INTO topic (id, name) VALUES (1, 'bench'); INSERT INTO consumer_group (topic, name, position) VALUES (1, 'g', 0)",
    );
    const found = searchable(rows);
    const started = performance.now();
    for (let at = 0; at < posts.length; at += BATCH) {
      const batch = posts.slice(at, at + BATCH);
      transaction(log, () =>
        append.run(at + batch.length - 1, batch.length, Date.now(), Buffer.concat(batch.map(({ value }) => value))),
      );
      transaction(store, () => {
        for (const [table, insert] of writers)
          for (const row of share(rows.get(table) ?? [], at, batch.length, posts.length)) insert(row);
        for (const { key, words } of share(found, at, batch.length, posts.length)) search.run(key, words);
      });
      transaction(log, () =>
        log.exec(
          `UPDATE consumer_group SET position = ${at + batch.length}; DELETE FROM segment WHERE last < ${at + batch.length}`,
        ),
      );
    }
    const seconds = (performance.now() - started) / 1000;
    log.close();
    store.close();
    return posts.length / seconds;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function transaction(db: DatabaseSync, action: () => unknown): void {
  db.exec('BEGIN IMMEDIATE');
  action();
  db.exec('COMMIT');
}

function emptyCopy(from: string, to: string): DatabaseSync {
  const source = new DatabaseSync(from, { readOnly: true });
  const copy = new DatabaseSync(to);
  copy.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 4000',
  );
  const schema = source.prepare(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  );
  for (const { sql } of schema.all()) copy.exec(String(sql));
  source.close();
  return copy;
}

/** Rows of the pipeline's store by table, in the order of writing. */
function readRows(path: string): Map<string, Row[]> {
  const db = new DatabaseSync(path, { readOnly: true });
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const names = tables.map(({ name }) => String(name)).filter((name) => !NOT_COPIED.test(name));
  const rows = new Map(names.map((name) => [name, db.prepare(`SELECT * FROM ${name}`).all() as Row[]]));
  db.close();
  return rows;
}

function inserter(db: DatabaseSync, table: string, rows: readonly Row[]): (row: Row) => void {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return () => undefined;
  const insert: StatementSync = db.prepare(
    `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`,
  );
  return (row) => void insert.run(...columns.map((column) => row[column] ?? null));
}

function searchable(rows: ReadonlyMap<string, Row[]>): { key: number; words: string }[] {
  const bodies = new Map((rows.get('changes') ?? []).map((row) => [row['seq'], row['body'] as string]));
  return (rows.get('posts') ?? []).map((row) => {
    const post = JSON.parse(bodies.get(row['change']) ?? '{}') as Post;
    return { key: Number(row['key']), words: post.hub.searchable ? postWords(post).join(' ') : '' };
  });
}

/** The part of a table that belongs to a batch. */
function share<T>(rows: readonly T[], at: number, size: number, total: number): readonly T[] {
  return rows.slice(Math.floor((rows.length * at) / total), Math.floor((rows.length * (at + size)) / total));
}
