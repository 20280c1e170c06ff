import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, credentials, type MethodDefinition, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { startHub, temporaryFolder, until } from './support/apps.ts';
import { Recorder } from './support/recorder.ts';

/** A client of the original system: it knows nothing but the original's .proto files. */
const definition = loadSync('hubapiv1/services.proto', {
  includeDirs: ['test/fixtures/original-contract', 'node_modules/protobufjs'],
  keepCase: true,
  longs: Number,
});

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let hub: Awaited<ReturnType<typeof startHub>>;
let reader: Recorder;

beforeAll(async () => {
  folder = await temporaryFolder();
  hub = await startHub(folder.path, { SIMULATOR_RATE: '0' });
  reader = new Recorder(hub.url);
  await until(
    async () => reader.cursor,
    (cursor) => cursor !== undefined,
    10_000,
  );
}, 60_000);

afterAll(async () => {
  reader.close();
  await hub.process.stop();
  await folder[Symbol.asyncDispose]();
}, 30_000);

function methodOf(service: string, method: string): MethodDefinition<object, object> {
  const methods = definition[`hubapiv1.${service}`] as ServiceDefinition | undefined;
  const found = methods?.[method];
  if (found === undefined) throw new Error(`no ${service}.${method}`);
  return found;
}

function withClient<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(`127.0.0.1:${hub.grpcPort}`, credentials.createInsecure());
  return use(client).finally(() => client.close());
}

/** Sends the messages as one stream and returns the answer. */
function stream(service: string, method: string, messages: readonly object[]): Promise<object | undefined> {
  const { path, requestSerialize, responseDeserialize } = methodOf(service, method);
  return withClient((client) => {
    const { promise, resolve, reject } = Promise.withResolvers<object | undefined>();
    const call = client.makeClientStreamRequest(path, requestSerialize, responseDeserialize, (error, answer) =>
      error === null ? resolve(answer) : reject(error),
    );
    for (const message of messages) call.write(message);
    call.end();
    return promise;
  });
}

const serialized = (message: object) => methodOf('PubSubService', 'PublishPost').requestSerialize(message);

function post(id: string, more: object = {}): object {
  return {
    id,
    uri: `https://original.example/users/ada/statuses/${id}`,
    url: `https://original.example/@ada/${id}`,
    account: { id: '7', username: 'ada', acct: 'ada', url: 'https://original.example/@ada', display_name: 'Ada' },
    content: `<p>From the original, number ${id}</p>`,
    created_at: { seconds: Math.floor(Date.now() / 1000), nanos: 0 },
    visibility: 'public',
    language: 'en',
    ...more,
  };
}

const arrived = async (id: string) =>
  until(
    async () => reader.events.find((event) => event.type === 'post' && event.data.uri.endsWith(`/${id}`)),
    (event) => event !== undefined,
    10_000,
  );

it('PublishPost: its posts come out at the gateway', async () => {
  const answer = await stream('PubSubService', 'PublishPost', [
    post('1'),
    post('2', { visibility: 'private' }),
    post('3'),
  ]);
  expect(answer).toMatchObject({ success: true });
  expect(await arrived('3')).toMatchObject({ data: { account: { acct: 'ada@original.example' }, language: 'en' } });
  expect(reader.events.some((event) => event.type === 'post' && event.data.uri.endsWith('/2'))).toBe(false);
}, 30_000);

it('Publish: a serialized PublicPost without attributes counts as created', async () => {
  const message = { key: Buffer.from('original.example/4'), value: serialized(post('4')) };
  expect(await stream('GenericPubSubService', 'Publish', [message])).toMatchObject({ success: true });
  expect(await arrived('4')).toMatchObject({
    data: { hub: { source: 'original.example', text: 'From the original, number 4' } },
  });
}, 30_000);

it('ProcessData: answers the post, sanitised', async () => {
  const { path, requestSerialize, responseDeserialize } = methodOf('DataProcessor', 'ProcessData');
  const value = serialized(post('5', { content: '<p onclick="x()">Hi<script>y()</script></p>' }));
  const processed = await withClient((client) => {
    const { promise, resolve, reject } = Promise.withResolvers<object | undefined>();
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      { key: Buffer.from('k'), value },
      (error, answer) => (error === null ? resolve(answer) : reject(error)),
    );
    return promise;
  });
  expect(processed).toMatchObject({ content: '<p>Hi</p>' });
}, 30_000);
