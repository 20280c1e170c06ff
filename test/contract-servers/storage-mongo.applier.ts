/* The process that the contract test of the MongoDB store kills: URI, database and first post as arguments. */
import { openMongoStore } from '@hub/storage/mongo';
import { applyForEver } from '../../libs/storage/testkit/applier.ts';

const [uri = '', database = '', first = '0'] = process.argv.slice(2);
await applyForEver(await openMongoStore({ uri, database, collection: 'posts', retentionDays: 7 }), Number(first));
