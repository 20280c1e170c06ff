import { workerData } from 'node:worker_threads';
import { openDatabase, serve } from './index.ts';
const path = workerData as string;
serve(path, () => {
  const db = openDatabase({ path, applicationId: 7, migrations: ['CREATE TABLE t (a)'] });
  return {
    db,
    reads: { n: () => db.prepare('SELECT count(*) AS n FROM t').get()?.['n'] },
    writes: { add: (a: number) => void db.prepare('INSERT INTO t VALUES (?)').run(a) },
  };
});
