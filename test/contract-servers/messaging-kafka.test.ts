import { jest } from '@jest/globals';
import { describeMessagingContract } from '@hub/messaging/testkit';
import { describeKafka, KAFKA, startKafkaBed } from './kafka-bed.ts';

jest.setTimeout(30_000);

describeKafka('Kafka', () => {
  describeMessagingContract('kafka', { ...KAFKA, start: () => startKafkaBed(1) });
});
