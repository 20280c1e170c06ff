import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { ConfigError, readEnv, toConfig } from './index.ts';

const delivery = (env: Record<string, string>) => toConfig('gateway', readEnv(env)).delivery;
const SHA = 'a'.repeat(64);
const problemOf = (env: Record<string, string>) => {
  try {
    delivery(env);
    return undefined;
  } catch (error) {
    return error instanceof ConfigError ? error.message : error;
  }
};

describe('who may read', () => {
  it('is anybody unless told', () => {
    expect(delivery({}).access).toEqual({ mode: 'open', apiKeys: [] });
  });

  it('is read from keys and tokens', () => {
    const keys = [{ name: 'wall', sha256: SHA, filter: { language: 'de' }, requestsPerMinute: 60 }];
    const env = { ACCESS_MODE: 'token', API_KEYS: JSON.stringify(keys), JWT_SECRET: 's'.repeat(32), JWT_ISSUER: 'id' };
    expect(delivery(env).access).toEqual({
      mode: 'token',
      apiKeys: [{ ...keys[0], filter: { language: ['de'] } }],
      jwt: { keys: { secret: 's'.repeat(32) }, issuer: 'id' },
    });
  });

  it('takes a public key in one line', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' })).trim();
    expect(delivery({ JWT_PUBLIC_KEY: pem.replaceAll('\n', '\\n') }).access.jwt).toEqual({ keys: { publicKey: pem } });
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ ACCESS_MODE: 'token' }, /ACCESS_MODE: is token: set API_KEYS/],
    [{ API_KEYS: '[{"name":"wall","key":"hunter2-secret"}]' }, /API_KEYS: entry 1 accepts/],
    [{ API_KEYS: `[{"name":"a","sha256":"${SHA}"},{"name":"a","sha256":"${SHA}"}]` }, /alike/],
    [{ API_KEYS: '[hunter2-secret' }, /no JSON array/],
    [{ API_KEYS: '/no/hunter2-secret' }, /neither/],
    [{ JWT_SECRET: 'hunter2-secret' }, /JWT_SECRET: accepts/],
    [{ JWT_PUBLIC_KEY: '-----BEGIN RSA PRIVATE KEY----- hunter2-secret' }, /no public key/],
    [{ JWT_SECRET: 'hunter2-secret'.repeat(3), JWT_JWKS_URL: 'https://id.example/jwks' }, /set one of/],
    [{ TRUSTED_PROXIES: '10.0.0.0/99' }, /TRUSTED_PROXIES/],
    [{ ALLOWED_ORIGINS: '*', NODE_ENV: 'production' }, /ALLOWED_ORIGINS: is \*/],
  ])('says what is wrong with %j, and nothing of keys', (env, problem) => {
    expect(problemOf(env)).toMatch(problem);
    expect(problemOf(env)).not.toMatch(/hunter2/);
  });

  it('lets any page read where nobody is served but the developer', () => {
    expect(delivery({ ALLOWED_ORIGINS: '*' }).allowedOrigins).toEqual(['*']);
  });

  it('reads limits and proxies', () => {
    const env = { TRUSTED_PROXIES: 'loopback, 10.0.0.0/8', MAX_REPLAYS: '3', MAX_CLIENTS: '9' };
    expect(delivery(env)).toMatchObject({
      trustedProxies: ['127.0.0.0/8', '::1', '10.0.0.0/8'],
      limits: { clients: 9, clientsPerAddress: 200, requestsPerMinute: 1200, replays: 3 },
    });
  });
});
