import { fileURLToPath } from 'node:url';
import { loadSync, type ServiceDefinition } from '@grpc/proto-loader';
import { describe, expect, it } from '@jest/globals';
import { grpcPackage } from './grpc-package.ts';
import {
  DataProcessorService,
  GenericPubSubServiceService,
  PublicPost,
  PubSubGenericMessage,
  PubSubServiceService,
} from './index.ts';

/*
 * The original system's contract, read by another protobuf implementation (protobufjs): what its clients write we read,
 * and what we write they read.
 */
const folder = fileURLToPath(new URL('../../../../test/fixtures/original-contract', import.meta.url));
const original = loadSync('hubapiv1/services.proto', { includeDirs: [folder], keepCase: false, longs: Number });

function service(name: string): ServiceDefinition {
  return original[`hubapiv1.${name}`] as ServiceDefinition;
}

const posts = service('PubSubService')['PublishPost']!;
const messages = service('DataProcessor')['ProcessData']!;

const postOfOriginal = {
  id: '101',
  uri: 'https://home.example/101',
  url: 'https://home.example/@ada/101',
  account: {
    id: '7',
    acct: 'ada',
    displayName: 'Ada',
    createdAt: { seconds: 1_459_468_800 },
    followersCount: 5_000_000_000,
    discoverable: true,
    fields: [{ name: 'a', value: 'b', verifiedAt: { seconds: 1, nanos: 500_000_000 } }],
  },
  reblog: { id: '50', content: '<p>x</p>' },
  content: '<p>Hé 🎉</p>',
  createdAt: { seconds: 1_793_527_200, nanos: 250_000_000 },
  favouritesCount: 3,
  favourited: 'true',
  sensitive: true,
  visibility: 'public',
  mediaAttachments: [{ id: 'm', type: 'image', meta: { original: { width: 10, height: 5, aspect: 2 } } }],
  poll: { id: 'p', votesCount: 3, votersCount: 2, options: [{ title: 'Yes', votesCount: 3 }], ownVotes: [0] },
  application: { id: 'a', clientSecret: 's' },
  language: 'en',
  pinned: 'x',
};

describe('the original contract', () => {
  it('has posts that we read whole', () => {
    const bytes = posts.requestSerialize(postOfOriginal);
    const post = PublicPost.decode(bytes);
    expect(post).toMatchObject({
      id: '101',
      account: {
        displayName: 'Ada',
        createdAt: new Date('2016-04-01T00:00:00Z'),
        followersCount: 5_000_000_000,
        discoverable: true,
        fields: [{ verifiedAt: new Date(1_500) }],
      },
      reblog: { id: '50', content: '<p>x</p>' },
      content: '<p>Hé 🎉</p>',
      createdAt: new Date('2026-11-01T10:00:00.250Z'),
      favourited: 'true',
      mediaAttachments: [{ meta: { original: { width: 10, height: 5, aspect: 2 } } }],
      poll: { votesCount: 3, votersCount: 2, options: [{ title: 'Yes', votesCount: 3 }], ownVotes: [0] },
      application: { clientSecret: 's' },
      pinned: 'x',
    });
    expect(Buffer.from(PublicPost.encode(post).finish()).toString('hex')).toBe(bytes.toString('hex'));
  });

  it('reads what we write, and passes over what we added', () => {
    const post = PublicPost.fromPartial({
      ...PublicPost.decode(posts.requestSerialize(postOfOriginal)),
      editedAt: new Date(),
      quotesCount: 4,
      quote: { state: 'accepted', quotedStatus: { id: '9' } },
    });
    expect(posts.requestDeserialize(Buffer.from(PublicPost.encode(post).finish()))).toMatchObject(postOfOriginal);
  });

  it('has messages that we read, and reads ours with attributes', () => {
    const [key, value] = [Buffer.from('home.example/101'), Buffer.from([0, 255])];
    const theirs = messages.requestSerialize({ key, value });
    expect(PubSubGenericMessage.decode(theirs)).toEqual({ key, value, attributes: {} });
    const ours = PubSubGenericMessage.encode({ key, value, attributes: { ce_type: 'x' } }).finish();
    expect(messages.requestDeserialize(Buffer.from(ours))).toMatchObject({ key, value });
  });

  it.each([
    ['GenericPubSubService', GenericPubSubServiceService],
    ['PubSubService', PubSubServiceService],
    ['DataProcessor', DataProcessorService],
  ])('has the service %s under the same paths', (name, generated) => {
    const shape = ([method, { path, requestStream, responseStream }]: [string, (typeof methods)[string]]) => ({
      method,
      path,
      requestStream,
      responseStream,
    });
    const methods = grpcPackage(generated)[`hubapiv1.${name}`]!;
    expect(Object.entries(methods).map(shape)).toEqual(Object.entries(service(name)).map(shape));
  });
});
