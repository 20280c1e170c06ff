import type { Database, Statement } from './schema.ts';

/**
 * The words by which posts are found. Entries are kept until `flush` and written in order of their keys: FTS5 writes
 * a segment of its own whenever a key is smaller than the one before.
 */
export class SearchIndex {
  private readonly insert: Statement;
  private readonly erase: Statement;
  private waiting = new Map<number, string>();

  constructor(db: Database) {
    this.insert = db.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)');
    this.erase = db.prepare('DELETE FROM search WHERE rowid = ?');
  }

  /** Forgets what an aborted transaction left waiting. */
  begin(): void {
    this.waiting.clear();
  }

  add(key: number, words: string): void {
    if (words !== '') this.waiting.set(key, words);
  }

  remove(key: number): void {
    if (!this.waiting.delete(key)) this.erase.run(key);
  }

  flush(): void {
    const entries = [...this.waiting].sort(([a], [b]) => a - b);
    for (const [key, words] of entries) this.insert.run(key, words);
    this.waiting.clear();
  }
}
