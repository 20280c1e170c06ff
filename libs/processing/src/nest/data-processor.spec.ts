import { createServer } from 'node:net';
import { credentials, makeGenericClientConstructor, status, type ServiceError } from '@grpc/grpc-js';
import { Global, Module, type INestMicroservice } from '@nestjs/common';
import { Transport } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { encodeEvent, grpcPackage, PublicPost, PubSubGenericMessage, type PostEvent } from '@hub/contracts/proto';
import { STORE } from '@hub/storage';
import { anEvent, aPublicPost, created, edited } from '../an-event.fixture.ts';
import { PROCESSING_SERVICES, ProcessingModule } from './processing.module.ts';

const noStore = {
  apply: () => {
    throw new Error('ProcessData must not touch the store');
  },
};

@Global()
@Module({
  providers: [Registry, { provide: STORE, useValue: noStore }],
  exports: [Registry, STORE],
})
class SurroundingsModule {}

let app: INestMicroservice;
let client: InstanceType<ReturnType<typeof makeGenericClientConstructor>>;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

beforeAll(async () => {
  const url = `127.0.0.1:${await freePort()}`;
  const module = await Test.createTestingModule({
    imports: [SurroundingsModule, ProcessingModule.forRoot({ consent: 'default' })],
  }).compile();
  app = module.createNestMicroservice({
    transport: Transport.GRPC,
    options: { url, package: 'hubapiv1', packageDefinition: grpcPackage(...PROCESSING_SERVICES) },
  });
  await app.listen();
  const Client = makeGenericClientConstructor(PROCESSING_SERVICES[0], 'DataProcessor');
  client = new Client(url, credentials.createInsecure());
});

afterAll(async () => {
  client.close();
  await app.close();
});

function processData(message: Partial<PubSubGenericMessage>): Promise<PublicPost> {
  const { path, requestSerialize, responseDeserialize } = PROCESSING_SERVICES[0].processData;
  const request = PubSubGenericMessage.fromPartial(message);
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      (error: ServiceError | null, post) => {
        if (error !== null) reject(error);
        else if (post === undefined) reject(new Error('no answer'));
        else resolve(post);
      },
    );
  });
}

function message(event: PostEvent): Partial<PubSubGenericMessage> {
  const { key, value, headers } = encodeEvent(event);
  return { key: Buffer.from(key), value: Buffer.from(value), attributes: headers };
}

describe('DataProcessor.ProcessData', () => {
  it('answers an event with the post as the hub shows it', async () => {
    const post = await processData(
      message(created(aPublicPost({ content: '<p onclick="x">Hi<script>x</script></p>' }))),
    );
    expect(post).toMatchObject({ id: '101', content: '<p>Hi</p>', account: { acct: 'ada@home.example' } });
  });

  it('takes a bare post, as the original does', async () => {
    const value = Buffer.from(PublicPost.encode(aPublicPost()).finish());
    expect(await processData({ key: Buffer.from('x.example/101'), value })).toMatchObject({ content: '<p>Hello</p>' });
  });

  it.each([
    ['not public', created(aPublicPost({ visibility: 'private' }))],
    ['an edit that made it so', edited(aPublicPost({ visibility: 'private' }))],
    ['of who opted out', created(aPublicPost({ account: { acct: 'a', noindex: true } }))],
  ])('refuses a post that is %s with FAILED_PRECONDITION', async (_what, event) => {
    await expect(processData(message(event))).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
  });

  it.each([
    ['nonsense', { value: Buffer.from('nonsense') }],
    ['nothing', {}],
    ['a post without URI', message(created(aPublicPost({ uri: '' })))],
    ['a deletion', message(anEvent('1', { $case: 'deleted', value: { reason: 'deleted' } }))],
    ['an event of another type', { ...message(created(aPublicPost())), attributes: { ce_type: 'com.example.x' } }],
  ])('answers %s with INVALID_ARGUMENT', async (_what, request) => {
    await expect(processData(request)).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });
});
