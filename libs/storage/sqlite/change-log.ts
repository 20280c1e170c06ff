import type { FeedEventType } from '@hub/contracts';
import type { Database, Statement } from './schema.ts';

/** The store's changes in their order: the feed. */
export class ChangeLog {
  private readonly insert: Statement;
  private readonly select: Statement;
  private readonly remove: Statement;

  constructor(db: Database) {
    this.insert = db.prepare('INSERT INTO changes (type, at, expires_at, body) VALUES (?, ?, ?, ?)');
    this.select = db.prepare('SELECT body FROM changes WHERE seq = ?');
    this.remove = db.prepare('DELETE FROM changes WHERE seq = ?');
  }

  /** Returns the position of the new change. */
  append(type: FeedEventType, at: number, body: string, expiresAt: number | null = null): number {
    return Number(this.insert.run(type, at, expiresAt, body).lastInsertRowid);
  }

  body(seq: number): string {
    return String(this.select.get(seq)?.['body']);
  }

  /** Takes a change out of the feed's past; its position stays. */
  erase(seq: number): void {
    this.remove.run(seq);
  }
}
