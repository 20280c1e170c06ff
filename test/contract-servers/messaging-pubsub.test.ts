import { jest } from '@jest/globals';
import { describeMessagingContract } from '@hub/messaging/testkit';
import { describeWith } from '../servers/describe-with.ts';
import { PUBSUB_PROBE, PUBSUB_PURPOSE } from '../servers/pubsub/start-pubsub.ts';
import { OTHER_PROJECT, PUBSUB, startPubSubBed } from './pubsub-bed.ts';

jest.setTimeout(60_000);

const probe = OTHER_PROJECT === undefined ? PUBSUB_PROBE : ([process.execPath, '--version'] as const);

describeWith(probe, PUBSUB_PURPOSE, 'Pub/Sub', () => {
  describeMessagingContract('pubsub', { ...PUBSUB, start: () => startPubSubBed() });
});
