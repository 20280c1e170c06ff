import { createSign, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HubError } from '@hub/contracts';
import type { Envelope } from '@hub/contracts/proto';
import { readDeadLetter, SUBSCRIPTION, type BatchHandler, type Delivery } from '@hub/messaging';
import { PubSubPushModule, PushSubscription } from '../index.ts';

const SUBSCRIPTION_NAME = 'projects/p/subscriptions/posts.processor';
const AUDIENCE = 'https://hub.example/pubsub/push';
const ACCOUNT = 'push@p.iam.gserviceaccount.com';
const KEY_ID = 'key-1';

const issuer = generateKeyPairSync('rsa', { modulusLength: 2048 });
const forger = generateKeyPairSync('rsa', { modulusLength: 2048 });

function tokenOf(claims: object = {}, key = issuer.privateKey): string {
  const now = Math.floor(Date.now() / 1000);
  const header = { alg: 'RS256', kid: KEY_ID, typ: 'JWT' };
  const payload = {
    iss: 'https://accounts.google.com',
    aud: AUDIENCE,
    sub: '1',
    email: ACCOUNT,
    email_verified: true,
    iat: now - 10,
    exp: now + 600,
    ...claims,
  };
  const text = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

const bodyOf = (key: string, value: string | Buffer = `value of ${key}`) => ({
  subscription: SUBSCRIPTION_NAME,
  message: {
    messageId: `id-${key}`,
    message_id: `id-${key}`,
    publishTime: '2026-11-23T04:00:00.123456Z',
    orderingKey: key,
    data: Buffer.from(value).toString('base64'),
    attributes: { ce_id: key },
  },
});

@Module({})
class TestModule {
  static forRoot(subscription: PushSubscription): DynamicModule {
    return {
      module: TestModule,
      global: true,
      providers: [{ provide: SUBSCRIPTION, useValue: subscription }],
      exports: [SUBSCRIPTION],
    };
  }
}

describe('messages that Pub/Sub pushes', () => {
  let certificates: Server;
  let app: NestExpressApplication;
  let url: string;
  let subscription: PushSubscription;
  let handled: Delivery[];
  let handler: BatchHandler;
  let buried: Envelope[];
  let ending: AbortController;
  let consumed: Promise<void>;

  beforeAll(async () => {
    const publicKey = issuer.publicKey.export({ type: 'spki', format: 'pem' });
    certificates = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.setHeader('cache-control', 'max-age=3600');
      response.end(JSON.stringify({ [KEY_ID]: publicKey }));
    }).listen(0, '127.0.0.1');
    await once(certificates, 'listening');
  });
  afterAll(() => void certificates.close());

  beforeEach(async () => {
    [handled, buried, ending] = [[], [], new AbortController()];
    handler = async (batch) => {
      handled.push(...batch);
      return [];
    };
    subscription = new PushSubscription({
      subscription: SUBSCRIPTION_NAME,
      topic: 'posts',
      group: 'processor',
      bury: async (letters) => void buried.push(...letters),
      observe: () => undefined,
      maxAttempts: 2,
      backoff: { firstMs: 1, capMs: 2 },
    });
    const certificatesUrl = `http://127.0.0.1:${(certificates.address() as AddressInfo).port}/certs`;
    const module = {
      module: class AppModule {},
      imports: [
        TestModule.forRoot(subscription),
        PubSubPushModule.forRoot({ audience: AUDIENCE, serviceAccount: ACCOUNT, certificatesUrl }),
      ],
    };
    app = await NestFactory.create<NestExpressApplication>(module, { bodyParser: false, logger: false });
    await app.listen(0, '127.0.0.1');
    url = `${await app.getUrl()}/pubsub/push`;
    consumed = subscription.consume((batch) => handler(batch), { signal: ending.signal });
    consumed.catch(() => undefined);
  });

  afterEach(async () => {
    ending.abort();
    await subscription.close();
    await app.close();
  });

  const push = async (body: unknown, headers: Record<string, string> = { authorization: `Bearer ${tokenOf()}` }) =>
    (
      await fetch(url, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      })
    ).status;

  it('are handled as others are, and answered when they are', async () => {
    expect(await push(bodyOf('a.example/1'))).toBe(204);
    expect(handled).toEqual([
      {
        key: 'a.example/1',
        value: Buffer.from('value of a.example/1'),
        headers: { ce_id: 'a.example/1' },
        origin: 'posts/id-a.example/1',
        sequence: 1_795_406_400_123_456,
        publishedAt: new Date('2026-11-23T04:00:00.123Z'),
        attempt: 1,
      },
    ]);
  });

  it('may be as large as Pub/Sub carries, and come many at once', async () => {
    const large = Buffer.alloc(9 * 1024 * 1024, 'x');
    expect(await push(bodyOf('large', large))).toBe(204);
    expect(large.equals(handled[0]!.value)).toBe(true);
    const statuses = await Promise.all(Array.from({ length: 100 }, (_, i) => push(bodyOf(`k${i}`))));
    expect(new Set(statuses)).toEqual(new Set([204]));
    expect(handled).toHaveLength(101);
  });

  it('are refused for a while when there is no memory for more', async () => {
    const large = bodyOf('large', Buffer.alloc(9 * 1024 * 1024));
    const go = Promise.withResolvers<void>();
    handler = async (batch) => {
      handled.push(...batch);
      await go.promise;
      return [];
    };
    const pushed = Array.from({ length: 8 }, () => push(large));
    const refused = await Promise.any(
      pushed.map(async (one) => ((await one) === 429 ? 429 : Promise.reject(new Error()))),
    );
    expect(refused).toBe(429);
    go.resolve();
    const statuses = await Promise.all(pushed);
    expect(statuses.filter((status) => status === 204).length).toBeGreaterThanOrEqual(4);
    expect(await push(bodyOf('next'))).toBe(204);
  });

  it.each([
    ['no token', () => ({}), 401],
    ['no bearer', () => ({ authorization: 'Basic eDp5' }), 401],
    ['a forged token', () => ({ authorization: `Bearer ${tokenOf({}, forger.privateKey)}` }), 401],
    ['an expired token', () => ({ authorization: `Bearer ${tokenOf({ exp: 1_000_000_000, iat: 999_999_000 })}` }), 401],
    [
      'a token for somebody else',
      () => ({ authorization: `Bearer ${tokenOf({ aud: 'https://other.example' })}` }),
      401,
    ],
    ['a token of another issuer', () => ({ authorization: `Bearer ${tokenOf({ iss: 'https://evil.example' })}` }), 401],
    ['another account', () => ({ authorization: `Bearer ${tokenOf({ email: 'x@p.iam.gserviceaccount.com' })}` }), 403],
    ['an unverified account', () => ({ authorization: `Bearer ${tokenOf({ email_verified: false })}` }), 403],
  ])('are refused with %s', async (_, headers, status) => {
    expect(await push(bodyOf('a'), headers())).toBe(status);
    expect(handled).toEqual([]);
  });

  it.each([
    ['no JSON', 'no JSON'],
    ['no message', { subscription: SUBSCRIPTION_NAME }],
    ['no base64', { ...bodyOf('a'), message: { ...bodyOf('a').message, data: '???' } }],
  ])('are bad requests with %s', async (_, body) => {
    expect(await push(body)).toBe(400);
  });

  it('of another subscription are not for this endpoint', async () => {
    expect(await push({ ...bodyOf('a'), subscription: 'projects/p/subscriptions/other' })).toBe(403);
    expect(handled).toEqual([]);
  });

  it('are dead letters, and done with, when the handler rejects them or fails again and again', async () => {
    handler = async ([delivery]) => {
      if (delivery!.key === 'poison') throw new TypeError('cannot read it');
      return [{ delivery: delivery!, reason: 'invalid_event', detail: 'no' }];
    };
    expect(await push(bodyOf('bad'))).toBe(204);
    expect(await push(bodyOf('poison'))).toBe(204);
    expect(buried.map((letter) => readDeadLetter('1', letter).reason)).toEqual(['invalid_event', 'handler_failed']);
  });

  it('come again when the hub is told to end meanwhile', async () => {
    const started = Promise.withResolvers<void>();
    handler = async () => {
      started.resolve();
      throw new HubError('store_unavailable', 'away');
    };
    const pushed = push(bodyOf('a'));
    await started.promise;
    ending.abort();
    expect(await pushed).toBe(503);
    await consumed;
    expect(await push(bodyOf('b'))).toBe(503);
    expect(buried).toEqual([]);
  });

  it('in hand are finished before the end', async () => {
    const started = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    handler = async (batch) => {
      started.resolve();
      await go.promise;
      handled.push(...batch);
      return [];
    };
    const pushed = push(bodyOf('a'));
    await started.promise;
    expect(await subscription.lag()).toBe(1);
    ending.abort();
    go.resolve();
    await consumed;
    expect(handled).toHaveLength(1);
    expect(await pushed).toBe(204);
  });

  it('end consuming when our own data are damaged, and come again', async () => {
    handler = () => Promise.reject(new HubError('data_corrupt', 'damaged'));
    expect(await push(bodyOf('a'))).toBe(500);
    await expect(consumed).rejects.toMatchObject({ code: 'data_corrupt' });
    expect(buried).toEqual([]);
  });
});
