import { createHash, generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { exportJWK, SignJWT, UnsecuredJWT } from 'jose';
import { Registry } from 'prom-client';
import { DELIVERY_DEFAULTS } from '../delivery.options.ts';
import { DeliveryMetrics } from '../metrics.ts';
import type { AccessOptions, JwtOptions, Limits } from './access.options.ts';
import { Access } from './access.ts';

const SECRET = 'a secret that is long enough for HS256';
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKey = String(pair.publicKey.export({ type: 'spki', format: 'pem' }));
const KEY = 'wall-key-1';
const apiKey = { name: 'wall', sha256: createHash('sha256').update(KEY).digest('hex') };

function open(access: Partial<AccessOptions>, limits: Partial<Limits> = {}, trustedProxies: string[] = []) {
  const options = {
    ...DELIVERY_DEFAULTS,
    access: { ...DELIVERY_DEFAULTS.access, ...access },
    limits: { ...DELIVERY_DEFAULTS.limits, ...limits },
    trustedProxies,
  };
  return new Access(options, new DeliveryMetrics(new Registry()));
}

const withJwt = (jwt: JwtOptions) => open({ mode: 'token', jwt });
const from = (credential?: string, remoteAddress = '203.0.113.1') => ({ credential, remoteAddress });
const token = (
  claims: Record<string, unknown>,
  alg = 'HS256',
  key: Parameters<SignJWT['sign']>[0] = Buffer.from(SECRET),
) =>
  new SignJWT({ sub: 'ann', scope: 'read', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
    .setProtectedHeader({ alg, kid: 'k1' })
    .sign(key);

describe('who may read', () => {
  it('is anybody, where the hub is open', async () => {
    expect(await open({}).admit(from('whatever'))).toEqual({ address: '203.0.113.1' });
  });

  it('is who holds an API key, known by its digest alone', async () => {
    const access = open({ mode: 'token', apiKeys: [{ ...apiKey, filter: { language: ['de'] } }] });
    expect(await access.admit(from(KEY))).toEqual({
      address: '203.0.113.1',
      name: 'key:wall',
      filter: { language: ['de'] },
    });
    for (const wrong of [undefined, '', 'wall-key-2', apiKey.sha256, `${KEY} `]) {
      await expect(access.admit(from(wrong))).rejects.toMatchObject({ code: 'unauthorized' });
    }
  });

  it.each<[string, JwtOptions['keys'], () => Promise<string>]>([
    ['a shared secret', { secret: SECRET }, () => token({})],
    ['a public key', { publicKey }, () => token({}, 'RS256', pair.privateKey)],
  ])('is who holds a token that %s checks', async (_, keys, made) => {
    expect(await withJwt({ keys }).admit(from(await made()))).toMatchObject({
      name: 'token:ann',
      expiresAt: expect.any(Number),
    });
  });

  it('is told what a token grants', async () => {
    const hub = { filter: { hashtag: 'cats' }, requests_per_minute: 5 };
    expect(await withJwt({ keys: { secret: SECRET } }).admit(from(await token({ hub })))).toMatchObject({
      filter: { hashtag: ['cats'] },
      requestsPerMinute: 5,
    });
  });

  it.each<[string, () => string | Promise<string>, string]>([
    [
      'of another secret',
      () => token({}, 'HS256', Buffer.from('another secret, as long as the first')),
      'unauthorized',
    ],
    ['that has expired', () => token({ exp: 1_700_000_000 }), 'unauthorized'],
    ['that never expires', () => token({ exp: undefined }), 'unauthorized'],
    ['of nobody', () => token({ sub: undefined }), 'unauthorized'],
    ['that may not read', () => token({ scope: 'write ready' }), 'forbidden'],
    ['with a grant that cannot be read', () => token({ hub: { filter: { langauge: 'de' } } }), 'unauthorized'],
    ['of another issuer', () => token({ iss: 'https://evil.example', aud: 'hub' }), 'unauthorized'],
    ['for another audience', () => token({ iss: 'https://id.example', aud: 'shop' }), 'unauthorized'],
    ['that nobody signed', () => new UnsecuredJWT({ sub: 'ann', scope: 'read' }).encode(), 'unauthorized'],
    ['signed with the public key as a secret', () => token({}, 'HS256', Buffer.from(publicKey)), 'unauthorized'],
    ['that is none', () => 'a.b.c', 'unauthorized'],
  ])('is not who holds a token %s', async (_, made, code) => {
    const demanding = { issuer: 'https://id.example', audience: 'hub' };
    const hasIssuer = /issuer|audience/.test(_);
    const keys = /public key/.test(_) ? { publicKey } : { secret: SECRET };
    const access = withJwt({ keys, ...(hasIssuer && demanding) });
    const refusal: unknown = await access.admit(from(await made())).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code });
    expect(String(refusal)).not.toMatch(/jose|JW[STE]|signature/);
  });
});

describe('keys that a server publishes', () => {
  let server: Server;
  let isThere = true;
  beforeAll(async () => {
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    server = createServer((_, response) => {
      response.writeHead(isThere ? 200 : 503).end(JSON.stringify({ keys: [jwk] }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());
  const jwksUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;

  it('check tokens; while they cannot be had the hub says so', async () => {
    const signed = await token({}, 'RS256', pair.privateKey);
    isThere = false;
    await expect(withJwt({ keys: { jwksUrl: jwksUrl() } }).admit(from(signed))).rejects.toMatchObject({
      code: 'unavailable',
    });
    isThere = true;
    const access = withJwt({ keys: { jwksUrl: jwksUrl() } });
    expect(await access.admit(from(signed))).toMatchObject({ name: 'token:ann' });
    await expect(access.admit(from(await token({})))).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

describe('how much one may ask', () => {
  it('is limited by address; the refusal says when to come back', async () => {
    const access = open({}, { requestsPerMinute: 2 });
    await access.admit(from());
    await access.admit(from());
    await expect(access.admit(from())).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 30 });
    expect(await access.admit(from(undefined, '203.0.113.2'))).toBeDefined();
  });

  it('is limited by holder, wherever from, and by what the holder is granted', async () => {
    const access = open({ mode: 'token', apiKeys: [{ ...apiKey, requestsPerMinute: 3 }] }, { requestsPerMinute: 2 });
    const client = await access.admit(from(KEY, '203.0.113.1'));
    await access.admit(from(KEY, '203.0.113.2'));
    access.spend(client);
    expect(() => access.spend(client)).toThrow(/too often/);
    await expect(access.admit(from(KEY, '203.0.113.3'))).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('does not let keys be guessed', async () => {
    const access = open({ mode: 'token', apiKeys: [apiKey] }, { requestsPerMinute: 3 });
    for (const guess of ['a', 'b', 'c']) {
      await expect(access.admit(from(guess))).rejects.toMatchObject({ code: 'unauthorized' });
    }
    await expect(access.admit(from(KEY))).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await access.admit(from(KEY, '203.0.113.9'))).toMatchObject({ name: 'key:wall' });
  });

  it('is so many connections of an address, of a holder, and in all', () => {
    const access = open({}, { clients: 3, clientsPerAddress: 2 });
    const enter = (address: string, name?: string) => access.enter({ address, ...(name && { name }) }, () => undefined);
    const leave = enter('a', 'ann');
    enter('b', 'ann');
    expect(() => enter('c', 'ann')).toThrow(/as many connections as you may/);
    enter('a');
    expect(() => enter('d')).toThrow(/as many clients as it takes/);
    leave();
    leave();
    expect(() => enter('a')).not.toThrow();
    expect(() => enter('a')).toThrow(/as many clients/);
  });

  it('ends when the token does', () => {
    jest.useFakeTimers();
    try {
      const access = open({});
      const ended: unknown[] = [];
      const expiresAt = Date.now() + 1000;
      access.enter({ address: 'a', name: 'ann', expiresAt }, (error) => ended.push(error.code));
      access.enter({ address: 'b', name: 'bob', expiresAt }, (error) => ended.push(error.code))();
      jest.advanceTimersByTime(1000);
      expect(ended).toEqual(['unauthorized']);
    } finally {
      jest.useRealTimers();
    }
  });
});
