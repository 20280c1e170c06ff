import { jest } from '@jest/globals';
import { describeMessagingContract } from '@hub/messaging/testkit';
import { describeWith } from '../servers/describe-with.ts';
import { KAFKA_PROBE } from '../servers/kafka/start-kafka.ts';
import { KAFKA, startKafkaBed } from './kafka-bed.ts';

jest.setTimeout(30_000);

describeWith(KAFKA_PROBE, 'Maven fetches the broker and Java runs it', 'Kafka', () => {
  describeMessagingContract('kafka, one partition', { ...KAFKA, start: () => startKafkaBed(1) });
});
