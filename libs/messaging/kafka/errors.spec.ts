import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { HubError } from '@hub/contracts';
import { BrokerUnavailableError } from '@hub/messaging';
import { isLostMembership, toHubError } from './errors.ts';

const { KafkaJSAggregateError, KafkaJSConnectionError, KafkaJSNonRetriableError } = kafkajs;

/** As kafkajs makes them of the broker's answer. */
function protocolError(type: string, message = 'no'): Error {
  return Object.assign(new kafkajs.KafkaJSProtocolError(message), { type });
}

/** As kafkajs wraps what it gives up on. */
function givenUp(cause: Error): Error {
  return Object.assign(new KafkaJSNonRetriableError(cause), { cause });
}

describe('toHubError', () => {
  it('takes whatever comes of an absent broker for unavailable, also what kafkajs calls not retriable', () => {
    const refused = Object.assign(new KafkaJSConnectionError('Connection error: connect ECONNREFUSED 10.1.2.3:9092'), {
      code: 'ECONNREFUSED',
    });
    for (const error of [
      refused,
      givenUp(refused),
      protocolError('NOT_ENOUGH_REPLICAS'),
      givenUp(new TypeError('x')),
    ]) {
      expect(toHubError(error)).toBeInstanceOf(BrokerUnavailableError);
    }
    expect(toHubError(givenUp(refused))).toMatchObject({ message: 'Kafka cannot be used now (ECONNREFUSED)' });
    expect(String(toHubError(refused))).not.toContain('10.1.2.3');
  });

  it('takes a refusal for a refusal, wherever it hides', () => {
    const cases = [
      ['MESSAGE_TOO_LARGE', 'payload_too_large'],
      ['SASL_AUTHENTICATION_FAILED', 'unauthorized'],
      ['TOPIC_AUTHORIZATION_FAILED', 'forbidden'],
      ['INVALID_REPLICATION_FACTOR', 'invalid_config'],
    ] as const;
    for (const [type, code] of cases) {
      const error = protocolError(type);
      for (const hidden of [error, givenUp(error), new KafkaJSAggregateError('Topic creation errors', [error])]) {
        expect(toHubError(hidden)).toMatchObject({ code, retryable: false });
      }
    }
  });

  it('leaves our own errors as they are, also those that went through kafkajs', () => {
    const ours = new HubError('data_corrupt', 'damaged');
    expect(toHubError(givenUp(ours))).toBe(ours);
  });
});

describe('isLostMembership', () => {
  it('knows when the group goes on without us', () => {
    expect(isLostMembership(protocolError('REBALANCE_IN_PROGRESS'))).toBe(true);
    expect(isLostMembership(protocolError('UNKNOWN_MEMBER_ID'))).toBe(true);
    expect(isLostMembership(protocolError('COORDINATOR_LOAD_IN_PROGRESS'))).toBe(false);
    expect(isLostMembership(undefined)).toBe(false);
  });
});
