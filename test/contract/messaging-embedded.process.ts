/* A further process of the embedded driver's contract test: log file and role as arguments. */
import { openEmbeddedBroker } from '@hub/messaging/embedded';
import { runContractProcess } from '../../libs/messaging/testkit/contract-process.ts';
import type { ProcessRole } from '@hub/messaging/testkit';

const [path = '', role = ''] = process.argv.slice(2);
await runContractProcess(await openEmbeddedBroker({ path, retentionDays: 1 }), JSON.parse(role) as ProcessRole);
