import { describe, expect, it } from '@jest/globals';
import { BrokerUnavailableError } from '@hub/messaging';
import { MissingError, toHubError } from './errors.ts';

const request = { does: 'publish to the topic t', needs: 'pubsub.topics.publish' };
const answered = (code: number, more: object = {}) => Object.assign(new Error(`${code} words`), { code, ...more });

describe('what Pub/Sub answers', () => {
  it.each([1, 2, 4, 8, 10, 13, 14])('may pass: status %i', (code) => {
    expect(toHubError(answered(code), request)).toBeInstanceOf(BrokerUnavailableError);
  });

  it('names no address of a service that is away', () => {
    const error = answered(14, { details: 'connect ECONNREFUSED 10.1.2.3:8085' });
    expect(String(toHubError(error, request))).toContain('cannot publish to the topic t now (UNAVAILABLE)');
    expect(String(toHubError(error, request))).not.toContain('10.1.2.3');
  });

  it('may be mended by making what is missing', () => {
    const error = toHubError(answered(5), request);
    expect(error).toBeInstanceOf(MissingError);
    expect(error).toMatchObject({ retryable: true });
  });

  it('names the permission that is needed', () => {
    expect(toHubError(answered(7), request)).toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/publish to the topic t: grant it pubsub\.topics\.publish/),
    });
  });

  it('says that the API is not enabled', () => {
    expect(toHubError(answered(7, { reason: 'SERVICE_DISABLED' }), request)).toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('gcloud services enable pubsub.googleapis.com'),
    });
  });

  it('tells refused credentials from missing ones', () => {
    expect(toHubError(answered(16), request)).toMatchObject({ code: 'unauthorized' });
    expect(toHubError(new Error('Could not load the default credentials.'), request)).toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining('GOOGLE_APPLICATION_CREDENTIALS'),
    });
  });

  it('gives the words of a refusal', () => {
    expect(toHubError(answered(9, { details: 'this is a push subscription' }), request)).toMatchObject({
      code: 'invalid_config',
      message: 'Pub/Sub refuses to publish to the topic t: this is a push subscription',
    });
  });

  it('is nothing that it has not said', () => {
    const ours = new TypeError('a mistake');
    expect(toHubError(ours, request)).toBe(ours);
  });
});
