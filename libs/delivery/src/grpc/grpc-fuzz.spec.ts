import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session } from 'node:http2';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Client, credentials, Metadata, status, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import * as fc from 'fast-check';
import { SubscribeRequestMessage, SubscribeResponseMessage } from '@hub/contracts/proto';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { anyText, INTERNAL } from '../../../../test/support/fuzz.ts';
import { openTestStore, startGateway, type TestGateway } from '../../../../test/support/gateway.ts';
import { watchFailures } from '../../../../test/support/watch-failures.ts';
import { freePort } from '../../../../test/servers/server-process.ts';

jest.setTimeout(120_000);

const PATH = '/hubapiv1.FeedService/Subscribe';
const REFUSALS = new Set(['bad_request', 'invalid_filter', 'invalid_cursor']);

/** When a call is hung up. Not in the turn it is made in: grpc-js then forgets to tell the server. */
type Moment = 'soon' | 'when it is open' | 'after an event';
const moment = fc.constantFrom<Moment>('soon', 'when it is open', 'after an event');

const values = fc.array(fc.oneof(anyText, fc.constantFrom('en', 'cats', 'image', '@a@b.example')), { maxLength: 4 });
const manyValues = fc.array(anyText, { minLength: 101, maxLength: 500, size: 'max' });
const lists = fc.record({
  language: values,
  hashtag: values,
  instance: values,
  account: values,
  mention: values,
  keyword: fc.oneof(values, manyValues),
  mediaKind: values,
});
const flag = fc.option(fc.boolean(), { nil: undefined });
const filter = fc
  .tuple(
    lists,
    fc.record({ hasMedia: flag, reply: flag, sensitive: flag, bot: flag, minLength: fc.nat() }),
    fc.option(lists, { nil: undefined }),
  )
  .map(([wanted, rest, exclude]) => Object.assign(wanted, rest, { exclude }));
/** Messages that are requests by their form. */
const requests = fc
  .record({
    filter: fc.option(filter, { nil: undefined }),
    cursor: fc.oneof(fc.constant(''), fc.nat().map(String), anyText),
  })
  .map((request) => Buffer.from(SubscribeRequestMessage.encode(request).finish()));
/** Requests with some of their bytes changed, left out or added to. */
const spoilt = fc
  .tuple(
    requests,
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
    fc.nat(),
    fc.uint8Array({ maxLength: 8 }),
  )
  .map(([request, changes, length, more]) => {
    for (const [at, byte] of changes) if (request.length > 0) request[at % request.length] = byte;
    return Buffer.concat([request.subarray(0, length % (request.length + 1)), more]);
  });
/** Groups within groups, as far down as a message can go. */
const deep = fc
  .constantFrom(0x0b, 0x23)
  .map((byte) => Object.assign(Buffer.alloc(60_000, byte), { [fc.toStringMethod]: () => `60,000 of ${byte}` }));
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((some) => Buffer.from(some)),
  spoilt,
  deep,
);

describe('whatever callers of gRPC send', () => {
  let opened: Awaited<ReturnType<typeof openTestStore>>;
  let hub: TestGateway;
  let client: Client;
  let address: string;
  const watch = watchFailures();
  const { failures } = watch;
  beforeAll(async () => {
    opened = await openTestStore();
    const port = await freePort();
    address = `127.0.0.1:${port}`;
    hub = await startGateway(opened, { grpc: { host: '127.0.0.1', port }, frameIntervalMs: 1, stallTimeoutMs: 5000 });
    client = new Client(address, credentials.createInsecure());
  });
  afterAll(async () => {
    client.close();
    await hub.stop();
    await opened[Symbol.asyncDispose]();
    watch[Symbol.dispose]();
  });
  beforeEach(() => void failures.splice(0));

  let posts = 0;
  const store = () => opened.apply([anUpsert(aPost({ text: 'cats', hub: { local_id: String(++posts) } }))]);
  const subscribe = (message: Buffer, metadata = new Metadata()): ClientReadableStream<SubscribeResponseMessage> =>
    client.makeServerStreamRequest(
      PATH,
      (one: Buffer) => one,
      (one) => SubscribeResponseMessage.decode(one),
      message,
      metadata,
    );

  /** How a call ended; it is hung up at the moment that is given, if it has not ended by then. */
  async function outcome(call: ClientReadableStream<SubscribeResponseMessage>, when: Moment): Promise<ServiceError> {
    const ended = once(call, 'error').then(([error]) => error as ServiceError);
    const isOpen = new Promise<void>((resolve) => call.once('metadata', () => resolve()));
    const event = new Promise<void>((resolve) => call.on('data', () => resolve()));
    if (when === 'soon') await nextTurn();
    if (when === 'when it is open') await Promise.race([ended, isOpen]);
    if (when === 'after an event')
      await Promise.race([ended, isOpen.then(store).then(() => Promise.race([event, nextTurn()]))]);
    call.cancel();
    return ended;
  }

  /** A stream until it was hung up, or a status with the hub's own code; nothing of the inside. */
  function expectTyped({ code, details, metadata }: ServiceError): void {
    expect(details).not.toMatch(INTERNAL);
    // Hung up; or larger than is taken, which grpc-js says itself.
    if (code === status.CANCELLED || code === status.RESOURCE_EXHAUSTED) return;
    const [hubCode] = metadata.get('hub-code');
    expect([code, REFUSALS.has(String(hubCode))]).toEqual([status.INVALID_ARGUMENT, true]);
  }

  it('bytes: a stream, or a status that says what is wrong', async () => {
    const property = fc.asyncProperty(bytes, moment, async (message, when) => {
      expectTyped(await outcome(subscribe(message), when));
    });
    await fc.assert(property, { numRuns: 200, endOnFailure: true });
    expect(failures).toEqual([]);
  });

  it('requests: a stream, or a status that says what is wrong', async () => {
    const property = fc.asyncProperty(requests, moment, async (message, when) => {
      expectTyped(await outcome(subscribe(message), when));
    });
    await fc.assert(property, { numRuns: 200, endOnFailure: true });
    expect(failures).toEqual([]);
  });

  it('many calls at once, hung up at any moment, some with tokens that nobody gave', async () => {
    const token = fc.stringMatching(/^[\x21-\x7e]{0,80}$/);
    const calls = fc.array(fc.tuple(requests, moment, token), { minLength: 1, maxLength: 60 });
    const property = fc.asyncProperty(calls, async (all) => {
      const outcomes = all.map(([message, when, token]) => {
        const metadata = new Metadata();
        metadata.set('authorization', token);
        metadata.set('x-forwarded-for', token);
        return outcome(subscribe(message, metadata), when);
      });
      for (const one of await Promise.all(outcomes)) expectTyped(one);
    });
    await fc.assert(property, { numRuns: 15, endOnFailure: true });
    expect(failures).toEqual([]);
  });

  /** What HTTP/2 brought back: a gRPC status, an HTTP status, or a reset. */
  async function answer(session: ClientHttp2Session, headers: Record<string, string>, body: Buffer, isWhole: boolean) {
    const stream = session.request(
      {
        ':method': 'POST',
        ':path': PATH,
        'content-type': 'application/grpc',
        ...headers,
      },
      { endStream: false },
    );
    const said: Record<string, string> = {};
    const note = (got: object) => {
      for (const [name, value] of Object.entries(got)) said[name] = String(value);
    };
    stream.on('response', note).on('trailers', note);
    stream.on('error', () => undefined).resume();
    const closed = once(stream, 'close');
    const opened = Promise.race([once(stream, 'response'), closed]);
    if (isWhole) {
      stream.end(body);
      await opened;
    } else stream.write(body);
    await nextTurn();
    stream.close(constants.NGHTTP2_CANCEL);
    await closed;
    return said;
  }

  it('frames that are none, and headers of all sorts: a status, or a reset', async () => {
    const frame = fc
      .tuple(fc.oneof(requests, bytes), fc.nat(3), fc.option(fc.nat(0xffff_ffff), { nil: undefined }))
      .map(([message, flags, length]) => {
        const head = Buffer.from([flags, 0, 0, 0, 0]);
        head.writeUInt32BE(length ?? message.length, 1);
        return Buffer.concat([head, message]);
      });
    const body = fc.oneof(
      fc.array(frame, { maxLength: 3 }).map((frames) => Buffer.concat(frames)),
      fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some)),
    );
    const headers = fc.record(
      {
        ':path': fc.constantFrom(
          '/',
          '/x',
          '/hubapiv1.FeedService/Nothing',
          '/grpc.health.v1.Health/Check',
          `${PATH}/`,
        ),
        ':method': fc.constantFrom('GET', 'PUT', 'X'),
        'content-type': fc.constantFrom('application/grpc+json', 'text/html', ''),
        'grpc-encoding': fc.constantFrom('gzip', 'deflate', 'identity', 'x', ''),
        'grpc-timeout': fc.constantFrom('1n', '5u', '0S', '-1S', 'x', '99999999999H', ''),
        'grpc-accept-encoding': anyText.map((one) => encodeURIComponent(one.toWellFormed())),
        authorization: fc.constantFrom('Bearer', 'Bearer x.y.z', 'Basic', ''),
      },
      { requiredKeys: [] },
    );
    const session = connect(`http://${address}`).on('error', watch.note);
    const property = fc.asyncProperty(headers, body, fc.boolean(), async (headers, body, isWhole) => {
      const said = await answer(session, headers, body, isWhole);
      expect(decodeURIComponent(said['grpc-message'] ?? '')).not.toMatch(INTERNAL);
      expect(Number(said[':status'] ?? 200)).toBeLessThan(500);
      // 13 is what grpc-js says of headers and frames that it cannot read.
      expect([undefined, '0', '1', '3', '4', '5', '8', '12', '13']).toContain(said['grpc-status']);
    });
    await fc.assert(property, { numRuns: 250, endOnFailure: true });
    session.close();
    expect(failures).toEqual([]);
  });

  it('leaves nothing behind, and the next caller is served', async () => {
    const sum = async (name: string) => {
      const { values } = await hub.registry.getSingleMetric(`hub_delivery_${name}`)!.get();
      return values.reduce((total, { value }) => total + value, 0);
    };
    while ((await sum('clients')) + (await sum('replays')) > 0) await nextTurn();
    const call = subscribe(Buffer.alloc(0));
    await once(call, 'metadata');
    await store();
    const [response] = (await once(call, 'data')) as [SubscribeResponseMessage];
    expect(response.events.map(({ event }) => event?.$case)).toEqual(['post']);
    call.on('error', () => undefined).cancel();
  }, 10_000);
});
