import { workerData } from 'node:worker_threads';
import { dataVersion, notify, openDatabase, serve, truncateLog } from '@hub/sqlite';
import { leases, positions } from './log-groups.ts';
import { APPLICATION_ID, MIGRATIONS } from './log-schema.ts';
import { expiry, segments } from './log-segments.ts';
import { OTHERS_WROTE, type LogApi } from './log-api.ts';

/** How long another process's message waits until this one looks, at most. */
const LOOK_EVERY_MS = 20;

/** Pages of the write-ahead log that are gathered before they go to the file: what is removed meanwhile never does. */
const CHECKPOINT_PAGES = 8_000;

const path = workerData as string;

serve(path, () => {
  const db = openDatabase({ path, applicationId: APPLICATION_ID, migrations: MIGRATIONS });
  db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  // A run before may have left removed messages in the write-ahead log.
  let remains = true;
  let tidying = false;
  const onRemoved = () => void (remains = true);
  const { fetch, count, append } = segments(db);
  const { lag, ...moves } = positions(db, onRemoved);
  const expire = expiry(db, onRemoved);
  let seen = dataVersion(db);
  const look = setInterval(() => {
    const now = dataVersion(db);
    if (now !== seen) notify(OTHERS_WROTE);
    seen = now;
  }, LOOK_EVERY_MS);
  return {
    db,
    reads: { fetch, count, lag } satisfies Partial<LogApi>,
    writes: { append, expire, tidy: () => void (tidying = remains), ...moves, ...leases(db) } satisfies Partial<LogApi>,
    onCommit() {
      if (!tidying) return;
      tidying = false;
      // Not while others read or write: the next call tries again.
      remains = !truncateLog(db);
    },
    onClose: () => clearInterval(look),
  };
});
