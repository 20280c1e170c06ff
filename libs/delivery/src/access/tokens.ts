import { createSecretKey, createPublicKey } from 'node:crypto';
import { filterSchema, HubError } from '@hub/contracts';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { Grant, JwtOptions } from './access.options.ts';

const CLOCK_TOLERANCE_SECONDS = 5;
const MAX_TOKEN_LENGTH = 8192;
/** Anything that a public key can check: never a shared secret, for which a public key could be taken. */
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA'];

/** The claims that mean something here. */
const claimsSchema = z.object({
  sub: z.string().min(1).max(200),
  exp: z.number(),
  /** Words; one of them has to be `read`. */
  scope: z.string(),
  hub: z
    .strictObject({ filter: filterSchema.optional(), requests_per_minute: z.number().positive().optional() })
    .optional(),
});

/** What a token grants, and until when: milliseconds since 1970. */
export interface TokenGrant extends Grant {
  expiresAt: number;
}

export function isToken(credential: string): boolean {
  return credential.length <= MAX_TOKEN_LENGTH && /^[\w-]+\.[\w-]+\.[\w-]*$/.test(credential);
}

/**
 * Checks tokens: signature, times, issuer, audience, scope. What it returns rejects with a HubError of code unauthorized,
 * forbidden (no scope `read`), or unavailable (the server with the keys does not answer).
 */
export function tokenReader(options: JwtOptions): (token: string) => Promise<TokenGrant> {
  const verify = verifier(options);
  return async (token) => {
    const claims = claimsSchema.safeParse(await verify(token).catch(explain));
    if (!claims.success) throw new HubError('unauthorized', 'The token needs the claims sub, exp and scope.');
    const { sub, exp, scope, hub = {} } = claims.data;
    if (!scope.split(' ').includes('read')) throw new HubError('forbidden', 'The token does not have the scope read.');
    const { filter, requests_per_minute: requestsPerMinute } = hub;
    return {
      name: `token:${sub}`,
      expiresAt: exp * 1000,
      ...(filter && { filter }),
      ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    };
  };
}

function verifier({ keys, issuer, audience }: JwtOptions): (token: string) => Promise<JWTPayload> {
  const common = {
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
  if ('jwksUrl' in keys) {
    const find: JWTVerifyGetKey = createRemoteJWKSet(new URL(keys.jwksUrl));
    return async (token) => (await jwtVerify(token, find, { ...common, algorithms: PUBLIC_KEY_ALGORITHMS })).payload;
  }
  const isShared = 'secret' in keys;
  const key = isShared ? createSecretKey(keys.secret, 'utf8') : createPublicKey(keys.publicKey);
  const algorithms = isShared ? ['HS256'] : ['RS256'];
  return async (token) => (await jwtVerify(token, key, { ...common, algorithms })).payload;
}

function explain(error: unknown): never {
  if (error instanceof errors.JWTExpired) throw new HubError('unauthorized', 'The token has expired.');
  // Told apart from a token that is wrong: keys that cannot be had now may be had later.
  const isOfToken = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
  if (isOfToken && error.constructor !== errors.JOSEError)
    throw new HubError('unauthorized', 'The token is not valid.');
  throw new HubError('unavailable', 'Tokens cannot be checked now: try again.', { cause: error });
}
