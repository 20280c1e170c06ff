import type { DatabaseSync } from 'node:sqlite';
import { truncateLog } from '@hub/sqlite';

/** Removed messages may stay in the write-ahead log for so long while others are appended all the time. */
const AT_LEAST_EVERY_MS = 10_000;

/**
 * Empties the write-ahead log of what was removed. That takes several syncs, for which an append would have to wait:
 * preferably while nothing is appended.
 */
export class LogTidier {
  // A run before may have left removed messages there.
  private remains = true;
  private appended = false;
  private due = false;
  private tidiedAt = -Infinity;
  private readonly db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  readonly onAppended = (): void => void (this.appended = true);
  readonly onRemoved = (): void => void (this.remains = true);

  /** Has the next commit be followed by it, unless something was appended since the last call. */
  request(): void {
    this.due = this.remains && (!this.appended || performance.now() - this.tidiedAt > AT_LEAST_EVERY_MS);
    this.appended = false;
  }

  onCommit(): void {
    if (!this.due) return;
    this.due = false;
    // Not while others read or write: the next request tries again.
    this.remains = !truncateLog(this.db);
    if (!this.remains) this.tidiedAt = performance.now();
  }
}
