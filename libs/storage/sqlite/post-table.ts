import type { StoredVersion } from '@hub/storage';
import type { Database, Statement } from './schema.ts';
import { SearchIndex } from './search-index.ts';
import type { StoredForm } from './stored-form.ts';

/** The row of a post, as far as the writer needs it. */
export interface PostRow extends StoredVersion {
  key: number;
  id: string;
  uri: string;
  change: number;
  storedAt: number;
  expiresAt: number | null;
  terms: string[];
}

/** What a row is given anew with every version. */
export interface RowContent extends StoredVersion {
  change: number;
  storedAt: number;
  expiresAt: number | null;
  form: StoredForm;
  searchableText: string;
}

export const POST_COLUMNS = `key, id, uri, change, version_at AS at, version_rank AS sequence, fingerprint,
  stored_at AS storedAt, expires_at AS expiresAt, terms`;
export const SLOTS_PER_MS = 2 ** 11;
const MAX_MS = 2 ** 42 - 1;

/** Rows of posts with their terms and search words. */
export class PostTable {
  private readonly byUri: Statement;
  private readonly byTerm: Statement;
  private readonly lastKey: Statement;
  private readonly insert: Statement;
  private readonly update: Statement;
  private readonly setRank: Statement;
  private readonly setChange: Statement;
  private readonly remove: Statement;
  private readonly removeSightings: Statement;
  private readonly addTerm: Statement;
  private readonly removeTerm: Statement;
  readonly search: SearchIndex;

  constructor(db: Database) {
    this.search = new SearchIndex(db);
    this.byUri = db.prepare(`SELECT ${POST_COLUMNS} FROM posts WHERE uri = ?`);
    this.byTerm = db.prepare(`SELECT ${POST_COLUMNS} FROM posts WHERE key IN (SELECT post FROM terms WHERE term = ?)`);
    this.lastKey = db.prepare('SELECT max(key) AS last FROM posts WHERE key >= ? AND key < ?');
    this.insert = db.prepare(
      `INSERT INTO posts (change, version_at, version_rank, fingerprint, stored_at, expires_at,
         media, reply, sensitive, bot, length, searchable, terms, key, id, uri)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.update = db.prepare(
      `UPDATE posts SET change = ?, version_at = ?, version_rank = ?, fingerprint = ?, stored_at = ?, expires_at = ?,
         media = ?, reply = ?, sensitive = ?, bot = ?, length = ?, searchable = ?, terms = ? WHERE key = ?`,
    );
    this.setRank = db.prepare('UPDATE posts SET version_rank = ? WHERE key = ?');
    this.setChange = db.prepare('UPDATE posts SET change = ? WHERE key = ?');
    this.remove = db.prepare('DELETE FROM posts WHERE key = ?');
    this.removeSightings = db.prepare('DELETE FROM sightings WHERE uri = ?');
    this.addTerm = db.prepare('INSERT INTO terms (term, post) VALUES (?, ?)');
    this.removeTerm = db.prepare('DELETE FROM terms WHERE term = ? AND post = ?');
  }

  find(uri: string): PostRow | undefined {
    const row = this.byUri.get(uri);
    return row && postRow(row);
  }

  withTerm(term: string): PostRow[] {
    return this.byTerm.all(term).map(postRow);
  }

  add(id: string, uri: string, createdAt: number, content: RowContent): void {
    const key = this.freeKey(createdAt);
    this.insert.run(...values(content), key, id, uri);
    for (const term of content.form.terms) this.addTerm.run(term, key);
    this.search.add(key, content.searchableText);
  }

  replace({ key, terms }: PostRow, content: RowContent): void {
    this.update.run(...values(content), key);
    for (const term of terms) this.removeTerm.run(term, key);
    for (const term of content.form.terms) this.addTerm.run(term, key);
    this.search.remove(key);
    this.search.add(key, content.searchableText);
  }

  advance(row: PostRow, rank: number): void {
    this.setRank.run(rank, row.key);
  }

  point(row: PostRow, change: number): void {
    this.setChange.run(change, row.key);
  }

  drop({ key, uri, terms }: Pick<PostRow, 'key' | 'uri' | 'terms'>): void {
    this.remove.run(key);
    this.removeSightings.run(uri);
    for (const term of terms) this.removeTerm.run(term, key);
    this.search.remove(key);
  }

  /** Keys stand in order of creation, those of one millisecond in order of arrival. */
  private freeKey(createdAt: number): number {
    for (let ms = Math.min(Math.max(createdAt, 0), MAX_MS); ; ms++) {
      const first = ms * SLOTS_PER_MS;
      const last = this.lastKey.get(first, first + SLOTS_PER_MS)?.['last'];
      if (typeof last !== 'number') return first;
      if (last + 1 < first + SLOTS_PER_MS) return last + 1;
    }
  }
}

export function postRow(row: Record<string, unknown>): PostRow {
  return {
    key: Number(row['key']),
    id: String(row['id']),
    uri: String(row['uri']),
    change: Number(row['change']),
    at: Number(row['at']),
    sequence: Number(row['sequence']),
    fingerprint: String(row['fingerprint']),
    storedAt: Number(row['storedAt']),
    expiresAt: row['expiresAt'] === null ? null : Number(row['expiresAt']),
    terms: JSON.parse(String(row['terms'])) as string[],
  };
}

function values({ change, at, sequence, fingerprint, storedAt, expiresAt, form }: RowContent) {
  const { media, reply, sensitive, bot, length, searchable, terms } = form;
  return [
    change,
    at,
    sequence,
    fingerprint,
    storedAt,
    expiresAt,
    media,
    reply,
    sensitive,
    bot,
    length,
    searchable,
    JSON.stringify(terms),
  ] as const;
}
