import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { searchableText, words, type Post } from '@hub/contracts';
import type { PubSubGenericMessage } from '@hub/contracts/proto';

const BATCH = 500;

interface Row extends Record<string, SQLInputValue> {}
type Insert = (row: Row) => void;

/** The tables of a store that a post leaves rows in, each read in the order in which the pipeline wrote them. */
const TABLES = {
  changes: 'SELECT * FROM changes ORDER BY seq',
  posts: 'SELECT * FROM posts ORDER BY change',
  terms: 'SELECT terms.* FROM terms JOIN posts ON key = post ORDER BY change',
  aliases: 'SELECT * FROM aliases ORDER BY at',
  sources: 'SELECT * FROM sources',
};

/** As the pipeline sets them; it empties both write-ahead logs at other times than in commits, too. */
const PRAGMAS =
  'PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY';
const LOG_PRAGMAS = `${PRAGMAS}; PRAGMA wal_autocheckpoint = 8000`;
const STORE_PRAGMAS = `${PRAGMAS}; PRAGMA wal_autocheckpoint = 4000`;

/**
 * Posts per second of nothing but the SQLite writes that the pipeline makes for these posts: each batch appended to
 * the log in one transaction, the rows that the pipeline left in its store inserted in another, both synced; the log's
 * position moved and the batch removed in a third, which is not. One thread, prepared statements, the same schemas,
 * pragmas and order of rows, batches as large as the pipeline's largest.
 */
export function bareLoop(dataDir: string, posts: readonly PubSubGenericMessage[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-bare-'));
  try {
    const log = emptyCopy(join(dataDir, 'log.db'), join(folder, 'log.db'), LOG_PRAGMAS);
    const store = emptyCopy(join(dataDir, 'posts.db'), join(folder, 'posts.db'), STORE_PRAGMAS);
    const write = storeWriter(store, join(dataDir, 'posts.db'), posts.length);
    const { append, consume } = logWriter(log);
    const bodies = Iterator.from(posts.keys())
      .filter((at) => at % BATCH === 0)
      .map((at) => Buffer.concat(posts.slice(at, at + BATCH).map(({ value }) => value)))
      .toArray();
    const started = performance.now();
    for (const [i, body] of bodies.entries()) {
      const [from, to] = [i * BATCH, Math.min(posts.length, (i + 1) * BATCH)];
      transaction(log, 'FULL', () => append(to - from, to - 1, body));
      transaction(store, 'FULL', () => write(from, to));
      transaction(log, 'NORMAL', () => consume(to));
    }
    const seconds = (performance.now() - started) / 1000;
    log.close();
    store.close();
    return posts.length / seconds;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function transaction(db: DatabaseSync, synchronous: 'FULL' | 'NORMAL', action: () => unknown): void {
  db.exec(`PRAGMA synchronous = ${synchronous}; BEGIN IMMEDIATE`);
  action();
  db.exec('COMMIT');
}

function emptyCopy(from: string, to: string, pragmas: string): DatabaseSync {
  const source = new DatabaseSync(from, { readOnly: true });
  const copy = new DatabaseSync(to);
  copy.exec(pragmas);
  const schema = source.prepare(
    "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  );
  for (const { sql } of schema.all()) copy.exec(String(sql));
  source.close();
  return copy;
}

function logWriter(db: DatabaseSync) {
  db.exec("INSERT INTO topic (id, name) VALUES (1, 'bench')");
  db.exec("INSERT INTO consumer_group (topic, name, position) VALUES (1, 'g', 0)");
  const reserve = db.prepare('UPDATE topic SET next = next + ?');
  const insert = db.prepare('INSERT INTO segment (topic, last, count, published_at, body) VALUES (1, ?, ?, ?, ?)');
  const move = db.prepare('UPDATE consumer_group SET position = ?');
  const remove = db.prepare('DELETE FROM segment WHERE topic = 1 AND last < ?');
  return {
    append: (count: number, last: number, body: Uint8Array) => {
      reserve.run(count);
      insert.run(last, count, Date.now(), body);
    },
    consume: (position: number) => {
      move.run(position);
      remove.run(position);
    },
  };
}

/** Writes the rows that belong to a run of posts, words for the search in the order of their keys. */
function storeWriter(db: DatabaseSync, from: string, total: number): (at: number, to: number) => void {
  const source = new DatabaseSync(from, { readOnly: true });
  const rows = Object.entries(TABLES).map(([table, sql]) => ({ table, rows: source.prepare(sql).all() as Row[] }));
  const found = searchable(source);
  source.close();
  db.exec("DELETE FROM store; INSERT INTO store VALUES ('bare', 0, 0, 0, 0)");
  db.exec("INSERT INTO search (search, rank) VALUES ('secure-delete', 1)");
  const inserts = rows.map(({ table, rows }) => ({ rows, insert: inserter(db, table, rows) }));
  const search = inserter(db, 'search', [{ rowid: 0, words: '' }]);
  return (at, to) => {
    for (const { rows, insert } of inserts) share(rows, at, to, total).forEach(insert);
    share(found, at, to, total)
      .filter(({ words }) => words !== '')
      .toSorted((a, b) => Number(a['rowid']) - Number(b['rowid']))
      .forEach(search);
  };
}

function inserter(db: DatabaseSync, table: string, rows: readonly Row[]): Insert {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return () => undefined;
  const insert = db.prepare(`INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map(() => '?').join()})`);
  return (row) => void insert.run(...columns.map((column) => row[column] ?? null));
}

function searchable(db: DatabaseSync): Row[] {
  const posts = db.prepare('SELECT key, body FROM posts JOIN changes ON seq = change ORDER BY change');
  return posts.all().map(({ key, body }) => {
    const post = JSON.parse(String(body)) as Post;
    return { rowid: Number(key), words: words(searchableText(post)).join(' ') };
  });
}

/** The part of a table that belongs to a run of posts. */
function share<T>(rows: readonly T[], at: number, to: number, total: number): readonly T[] {
  return rows.slice(Math.floor((rows.length * at) / total), Math.floor((rows.length * to) / total));
}
