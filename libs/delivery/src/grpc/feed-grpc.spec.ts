import { createHash } from 'node:crypto';
import { connect, constants } from 'node:http2';
import { once } from 'node:events';
import {
  credentials,
  loadPackageDefinition,
  Metadata,
  type ClientReadableStream,
  type GrpcObject,
  type ServiceClientConstructor,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { protoPath } from 'grpc-health-check';
import type { Post } from '@hub/contracts';
import { aDelete, aGap, anUpsert, aPost } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../../test/support/gateway.ts';
import { freePort } from '../../../../test/servers/server-process.ts';
import type { DeliveryOptions } from '../delivery.options.ts';

jest.setTimeout(30_000);

/** What a client knows that has the .proto files and nothing else of ours. */
const files = ['hubapiv1/feed.proto', protoPath];
const loaded = loadPackageDefinition(
  loadSync(files, { includeDirs: ['proto'], keepCase: true, longs: Number, arrays: true, oneofs: true, enums: String }),
);
type Response = {
  cursor: string;
  events: { cursor: string; event: string; [kind: string]: unknown }[];
  waiting_behind?: number;
};
/** A service of the .proto files, by its package and name. */
function service(path: string): ServiceClientConstructor {
  const found = path.split('.').reduce<unknown>((at, name) => (at as GrpcObject)[name], loaded);
  return found as ServiceClientConstructor;
}

let source = '';
const post = (n: number, fields: Parameters<typeof aPost>[0] = {}): Post =>
  aPost({ text: `post ${n}`, ...fields, hub: { source, local_id: String(n), ...fields.hub } });

/** What a call has brought so far. */
function follow(call: ClientReadableStream<Response>) {
  const got = {
    events: [] as Response['events'],
    cursor: '',
    waiting: [] as number[],
    error: undefined as ServiceError | undefined,
  };
  const waiting = new Set<() => void>();
  const until = (condition: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => condition() && (waiting.delete(check), resolve());
      waiting.add(check);
      check();
    });
  const told = () => waiting.forEach((check) => check());
  call.on('data', ({ cursor, events, waiting_behind }: Response) => {
    got.events.push(...events);
    if (cursor !== '') got.cursor = cursor;
    if (waiting_behind !== undefined) got.waiting.push(waiting_behind);
    told();
  });
  call.on('error', (error: ServiceError) => ((got.error = error), told()));
  return Object.assign(got, { until, call });
}

describe('the feed over gRPC', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let resources: AsyncDisposableStack;
  let hub: TestGateway;
  let client: InstanceType<ServiceClientConstructor>;
  let address: string;
  let tests = 0;
  const start = async (options: Partial<DeliveryOptions> = {}, store = opened) => {
    const port = await freePort();
    address = `127.0.0.1:${port}`;
    hub = resources.use(await startGateway(store, { grpc: { host: '127.0.0.1', port }, ...options }));
    client = new (service('hubapiv1.FeedService'))(address, credentials.createInsecure());
    resources.defer(() => client.close());
  };
  const subscribe = async (request: object = {}, metadata = new Metadata()) => {
    const call = client['Subscribe']!(request, metadata) as ClientReadableStream<Response>;
    const followed = follow(call);
    await Promise.race([once(call, 'metadata'), followed.until(() => followed.error !== undefined)]);
    return followed;
  };

  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(async () => {
    await opened[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    source = `g${++tests}.example`;
    resources = new AsyncDisposableStack();
    await start();
  });
  afterEach(() => resources.disposeAsync());

  it('lets a client in when its place in the feed is known, not before', async () => {
    const gate = Promise.withResolvers<void>();
    const late: typeof opened = Object.create(opened, {
      head: { value: () => gate.promise.then(() => opened.head()) },
    });
    await start({}, late);
    setTimeout(gate.resolve, 500);
    const feed = await subscribe();
    await opened.apply([anUpsert(post(1))]);
    await feed.until(() => feed.events.length === 1);
  });

  it('brings posts, edits, removals and gaps, filtered, each with its cursor', async () => {
    const feed = await subscribe({ filter: { language: ['de'], exclude: { hashtag: ['nsfw'] } } });
    const german = post(1, { language: 'de', hub: { hashtags: ['katzen'], text: 'eins' } });
    await opened.apply([
      anUpsert(german),
      anUpsert(post(2)),
      anUpsert(post(3, { language: 'de', hub: { hashtags: ['nsfw'] } })),
    ]);
    await feed.until(() => feed.events.length === 1);
    await opened.apply([
      anUpsert({ ...german, edited_at: '2026-11-01T13:00:00.000Z', content: '<p>neu</p>' }, { edited: true }),
    ]);
    await feed.until(() => feed.events.length === 2);
    await opened.apply([aDelete(german), aGap({ source })]);
    await feed.until(() => feed.events.length === 4);
    expect(feed.events.map(({ event }) => event)).toEqual(['post', 'edit', 'removal', 'gap']);
    expect(feed.events[0]!['post']).toMatchObject({
      post: {
        id: german.id,
        uri: german.uri,
        content: german.content,
        language: 'de',
        created_at: { seconds: Date.parse(german.created_at) / 1000 },
        account: { acct: german.account.acct },
      },
      facts: { source, local_id: '1', text: 'eins', hashtags: ['katzen'], searchable: german.hub.searchable },
    });
    expect(feed.events[1]!['edit']).toMatchObject({
      post: { content: '<p>neu</p>', edited_at: { seconds: 1793538000 } },
    });
    expect(feed.events[2]!['removal']).toEqual({ id: german.id, uri: german.uri });
    expect(feed.events[3]!['gap']).toMatchObject({ source, reason: aGap().gap.reason });
    expect(feed.cursor).toBe(feed.events[3]!.cursor);
  });

  it('goes on from a cursor, of any transport', async () => {
    const { cursor } = await opened.page({ filter: {}, limit: 1 });
    await opened.apply([1, 2, 3].map((n) => anUpsert(post(n))));
    const feed = await subscribe({ cursor });
    await feed.until(() => feed.events.length === 3);
    const again = await subscribe({ cursor: feed.events[0]!.cursor });
    await again.until(() => again.events.length === 2);
    expect(again.events).toEqual(feed.events.slice(1));
  });

  it.each([
    [{ cursor: 'nowhere' }, 'invalid_cursor', 3],
    [{ cursor: 'not für trailers\n' }, 'invalid_cursor', 3],
    [{ filter: { language: [''] } }, 'invalid_filter', 3],
    [{ filter: { media_kind: ['hologram'] } }, 'invalid_filter', 3],
    [{ filter: { keyword: ['a '.repeat(30)] } }, 'invalid_filter', 3],
  ])('ends %j with %s', async (request, code, status) => {
    const { error, until } = await subscribe(request).then((feed) =>
      feed.until(() => feed.error !== undefined).then(() => feed),
    );
    expect(until).toBeDefined();
    expect([error?.code, error?.metadata.get('hub-code')]).toEqual([status, [code]]);
    expect(error?.details).not.toMatch(/Zod|\.ts/);
  });

  it('asks for a key as every way in does, and holds to what it grants', async () => {
    const sha256 = createHash('sha256').update('secret').digest('hex');
    await start({ access: { mode: 'token', apiKeys: [{ name: 'a', sha256, filter: { language: ['de'] } }] } });
    const none = await subscribe();
    await none.until(() => none.error !== undefined);
    expect([none.error?.code, none.error?.metadata.get('hub-code')]).toEqual([16, ['unauthorized']]);
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer secret');
    const more = await subscribe({ filter: { language: ['en'] } }, metadata);
    await more.until(() => more.error !== undefined);
    expect(more.error?.code).toBe(7);
    const feed = await subscribe({}, metadata);
    await opened.apply([anUpsert(post(1)), anUpsert(post(2, { language: 'de' }))]);
    await feed.until(() => feed.events.length === 1);
    expect(feed.events[0]!['post']).toMatchObject({ facts: { local_id: '2' } });
  });

  it('ends when the hub stops, with where to go on', async () => {
    const feed = await subscribe();
    await opened.apply([anUpsert(post(1))]);
    await feed.until(() => feed.events.length === 1);
    const stopped = hub.stop();
    await feed.until(() => feed.error !== undefined);
    await stopped;
    expect([feed.error?.code, feed.error?.metadata.get('hub-code')]).toEqual([14, ['shutting_down']]);
    await start();
    await opened.apply([anUpsert(post(2))]);
    const again = await subscribe({ cursor: String(feed.error!.metadata.get('hub-cursor')[0]) });
    await again.until(() => again.events.length === 1);
    expect(again.events[0]!['post']).toMatchObject({ facts: { local_id: '2' } });
  });

  it('forgets who hangs up', async () => {
    const feed = await subscribe();
    const clients = async () =>
      (await hub.registry.getSingleMetric('hub_delivery_clients')!.get()).values.find(
        ({ labels }) => labels['transport'] === 'grpc',
      )?.value;
    expect(await clients()).toBe(1);
    feed.call.cancel();
    while ((await clients()) !== 0) await new Promise((resolve) => setImmediate(resolve));
  });

  it('answers health checks', async () => {
    const health = new (service('grpc.health.v1.Health'))(address, credentials.createInsecure());
    resources.defer(() => health.close());
    const check = (service: string) =>
      new Promise((resolve, reject) =>
        health['Check']!({ service }, (error: Error | null, response: { status: string }) =>
          error ? reject(error) : resolve(response.status),
        ),
      );
    expect(await check('')).toBe('SERVING');
    expect(await check('hubapiv1.FeedService')).toBe('SERVING');
  });

  it('holds one message for who does not read, and in the end lets go of this call alone', async () => {
    await start({ stallTimeoutMs: 500, frameIntervalMs: 0 });
    const { cursor } = await opened.page({ filter: {}, limit: 1 });
    const long = 'x'.repeat(20_000);
    await opened.apply(Array.from({ length: 100 }, (_, n) => anUpsert(post(n, { content: `<p>${long}</p>` }))));
    const session = connect(`http://${address}`);
    resources.defer(() => session.destroy());
    const subscribeFrom = (from: string) => {
      const call = session.request({
        ':method': 'POST',
        ':path': '/hubapiv1.FeedService/Subscribe',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      const request = Buffer.concat([Buffer.from([0x12, from.length]), Buffer.from(from)]);
      const length = Buffer.alloc(5);
      length.writeUInt32BE(request.length, 1);
      return call.end(Buffer.concat([length, request]));
    };
    const other = subscribeFrom(await opened.head());
    await once(other, 'response');
    // A call that gives no room beyond what HTTP/2 begins with.
    const call = subscribeFrom(cursor);
    call.on('error', () => undefined);
    await new Promise((resolve) => call.once('close', resolve));
    expect(call.rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    const slow = await hub.registry.getSingleMetric('hub_delivery_slow_disconnects_total')!.get();
    expect(slow.values).toMatchObject([{ labels: { transport: 'grpc' }, value: 1 }]);
    const sent = await hub.registry.getSingleMetric('hub_delivery_sent_bytes_total')!.get();
    expect(sent.values[0]?.value ?? 0).toBeLessThan(600_000);
    const words = 'for the other call';
    await opened.apply([anUpsert(post(200, { content: words }))]);
    let said = '';
    for await (const part of other) if ((said += String(part)).includes(words)) break;
    expect(said).toContain(words);
  });
});
