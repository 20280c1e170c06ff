/* A further process of the Kafka driver's tests: brokers, topic settings and role as arguments. */
import { openKafkaBroker, type KafkaBrokerOptions } from '@hub/messaging/kafka';
import { runContractProcess } from '../../libs/messaging/testkit/contract-process.ts';
import type { ProcessRole } from '@hub/messaging/testkit';

const [options = '', role = ''] = process.argv.slice(2);
const broker = await openKafkaBroker(JSON.parse(options) as KafkaBrokerOptions);
await runContractProcess(broker, JSON.parse(role) as ProcessRole);
