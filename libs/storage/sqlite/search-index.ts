import { words } from '@hub/contracts';
import type { Database, Statement } from './schema.ts';

/**
 * The words by which posts are found. What is to change is kept until `flush` and written at once, in order of keys:
 * FTS5 writes a segment whenever a key is smaller than the one before, or a statement with triggers comes in between.
 */
export class SearchIndex {
  private readonly insert: Statement;
  private readonly erase: Statement;
  private readonly added = new Map<number, string>();
  private readonly removed = new Set<number>();

  constructor(db: Database) {
    this.insert = db.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)');
    this.erase = db.prepare('DELETE FROM search WHERE rowid = ?');
  }

  /** Forgets what an aborted transaction left waiting. */
  begin(): void {
    this.added.clear();
    this.removed.clear();
  }

  add(key: number, text: string): void {
    const found = words(text);
    if (found.length > 0) this.added.set(key, found.join(' '));
  }

  remove(key: number): void {
    if (!this.added.delete(key)) this.removed.add(key);
  }

  flush(): void {
    for (const key of [...this.removed].sort((a, b) => a - b)) this.erase.run(key);
    for (const [key, words] of [...this.added].sort(([a], [b]) => a - b)) this.insert.run(key, words);
    this.begin();
  }
}
