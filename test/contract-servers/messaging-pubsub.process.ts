/* A further process of the Pub/Sub driver's tests: broker options and role as arguments. */
// Not by its index: the push module beside it has decorators, which Node does not run.
import { openPubSubBroker } from '../../libs/messaging/pubsub/broker.ts';
import type { PubSubBrokerOptions } from '@hub/messaging/pubsub';
import { runContractProcess } from '../../libs/messaging/testkit/contract-process.ts';
import type { ProcessRole } from '@hub/messaging/testkit';

const [options = '', role = ''] = process.argv.slice(2);
const broker = await openPubSubBroker(JSON.parse(options) as PubSubBrokerOptions);
await runContractProcess(broker, JSON.parse(role) as ProcessRole);
