import { notify, type Served } from '@hub/sqlite';
import { Pruner } from './pruner.ts';
import { openStoreDatabase, type Database } from './schema.ts';
import type { WriterApi } from './store-api.ts';
import { Writer } from './writer.ts';

/** How long erased words may stay in the write-ahead log while others go on writing. */
const FLUSH_AFTER_MS = 30_000;
/** Tried again so much later if a reader is in the way. */
const FLUSH_AGAIN_MS = 1_000;

/** Pages of 4 KiB after which the log is copied into the file: index pages that many posts touch are copied once. */
const LOG_PAGES = 4_000;

export function serveWriter(path: string): Served {
  const db = openStoreDatabase(path, false);
  db.exec(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
  const writer = new Writer(db);
  const pruner = new Pruner(db);
  const flusher = new LogFlusher(db);
  const setCheckpoint = db.prepare(
    'INSERT INTO checkpoints (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const writes = {
    apply: (changes) => writer.apply(changes),
    setCheckpoint: (name, value) => void setCheckpoint.run(name, value),
    prune: (now, retention) => pruner.slice(now, retention),
  } satisfies Omit<WriterApi, 'flushLog'>;
  return {
    db,
    writes,
    reads: { flushLog: () => flusher.flush() } satisfies Pick<WriterApi, 'flushLog'>,
    onCommit: () => {
      notify('committed');
      flusher.schedule(FLUSH_AFTER_MS);
    },
    onClose: () => flusher.stop(),
  };
}

/** Empties the write-ahead log into the database file, and never waits for a reader to do so. */
class LogFlusher {
  private readonly db: Database;
  private timer: NodeJS.Timeout | undefined;

  constructor(db: Database) {
    this.db = db;
  }

  schedule(delay: number): void {
    this.timer ??= setTimeout(() => this.tryFlush(), delay);
  }

  flush(): void {
    this.stop();
    if (this.db.isTransaction || this.truncate() !== 0) this.schedule(FLUSH_AGAIN_MS);
  }

  /** What keeps it from working, such as a full disk, is for those who write to hear of; here it is tried again. */
  private tryFlush(): void {
    try {
      this.flush();
    } catch {
      this.schedule(FLUSH_AFTER_MS);
    }
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Returns 1 if a reader was in the way. */
  private truncate(): unknown {
    const timeout = this.db.prepare('PRAGMA busy_timeout').get()?.['timeout'];
    this.db.exec('PRAGMA busy_timeout = 0');
    try {
      return this.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'];
    } finally {
      this.db.exec(`PRAGMA busy_timeout = ${Number(timeout)}`);
    }
  }
}
