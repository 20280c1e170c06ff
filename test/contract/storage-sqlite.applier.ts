/* The process that the contract test of the SQLite store kills: database file and first post as arguments. */
import { openSqliteStore } from '@hub/storage/sqlite';
import { applyForEver } from '../../libs/storage/testkit/applier.ts';

const [path = '', first = '0'] = process.argv.slice(2);
await applyForEver(await openSqliteStore({ path, retentionDays: 7 }), Number(first));
