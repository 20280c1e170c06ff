import type { FeedEventType } from '@hub/contracts';
import type { Database, Statement } from './schema.ts';

export interface StoredChange {
  seq: number;
  type: FeedEventType;
  body: string;
}

export type ChangesRead =
  | { found: StoredChange[]; position: number }
  /** The changes from here on are kept. */
  | { tooOld: number }
  | { beyond: true };

export interface Ends {
  pruned: number;
  head: number;
}

/** Bounds a batch; a single change may be larger. */
const BATCH = { changes: 256, characters: 512 * 1024 };

/** Runs reads in one snapshot. */
export function snapshot<T>(db: Database, read: () => T): T {
  if (db.isTransaction) return read();
  db.exec('BEGIN');
  try {
    return read();
  } finally {
    db.exec('COMMIT');
  }
}

/** Reads the feed. */
export class FeedReader {
  private readonly db: Database;
  private readonly endsOfLog: Statement;
  private readonly later: Statement;

  constructor(db: Database) {
    this.db = db;
    this.endsOfLog = db.prepare(
      `SELECT pruned, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0) AS head FROM store`,
    );
    this.later = db.prepare(
      'SELECT seq, type, body FROM changes WHERE seq > ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY seq',
    );
  }

  ends(): Ends {
    const row = this.endsOfLog.get();
    return { pruned: Number(row?.['pruned']), head: Number(row?.['head']) };
  }

  changes(after: number): ChangesRead {
    return snapshot(this.db, () => {
      const { pruned, head } = this.ends();
      if (after > head) return { beyond: true };
      if (after < pruned) return { tooOld: pruned };
      return this.batch(after, head);
    });
  }

  private batch(after: number, head: number): ChangesRead {
    const found: StoredChange[] = [];
    let characters = 0;
    for (const { seq, type, body } of this.later.iterate(after, Date.now())) {
      const change = { seq: Number(seq), type: type as FeedEventType, body: String(body) };
      found.push(change);
      characters += change.body.length;
      if (found.length === BATCH.changes || characters >= BATCH.characters) return { found, position: change.seq };
    }
    return { found, position: head };
  }
}
