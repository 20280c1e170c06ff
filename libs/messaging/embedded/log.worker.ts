import { workerData } from 'node:worker_threads';
import { dataVersion, giveWay, notify, openDatabase, serve } from '@hub/sqlite';
import { leases, positions } from './log-groups.ts';
import { APPLICATION_ID, MIGRATIONS } from './log-schema.ts';
import { expiry, segments } from './log-segments.ts';
import { LogTidier } from './log-tidier.ts';
import { OTHERS_WROTE, type LogApi } from './log-api.ts';

/** How long another process's message waits until this one looks, at most. */
const LOOK_EVERY_MS = 20;

/** Pages of the write-ahead log that are gathered before they go to the file: what is removed meanwhile never does. */
const CHECKPOINT_PAGES = 8_000;

/** A position or a lease that is lost with the machine's power means that messages come again. */
const REPEATABLE: ReadonlySet<keyof LogApi> = new Set(['commit', 'renew', 'release', 'tidy']);

const path = workerData as string;

// A log that runs ahead of the processing gains nothing: the event loop and the store's writer go first.
giveWay();
serve(path, () => {
  const db = openDatabase({ path, applicationId: APPLICATION_ID, migrations: MIGRATIONS });
  db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  const tidier = new LogTidier(db);
  const { fetch, count, append } = segments(db, tidier.onAppended);
  const { lag, ...moves } = positions(db, tidier.onRemoved);
  const expire = expiry(db, tidier.onRemoved);
  const tidy = () => tidier.request();
  let seen = dataVersion(db);
  const look = setInterval(() => {
    const now = dataVersion(db);
    if (now !== seen) notify(OTHERS_WROTE);
    seen = now;
  }, LOOK_EVERY_MS);
  return {
    db,
    reads: { fetch, count, lag } satisfies Partial<LogApi>,
    writes: { append, expire, tidy, ...moves, ...leases(db) } satisfies Partial<LogApi>,
    repeatable: REPEATABLE,
    onCommit: () => tidier.onCommit(),
    onClose: () => clearInterval(look),
  };
});
