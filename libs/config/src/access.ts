import { readFileSync } from 'node:fs';
import { filterSchema, type Filter } from '@hub/contracts';
import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import type { Env, VariableName } from './variables.ts';

export interface ApiKeyConfig {
  name: string;
  /** Of the key, in hexadecimal. */
  sha256: string;
  filter?: Filter;
  requestsPerMinute?: number;
}

export interface AccessConfig {
  mode: 'open' | 'token';
  apiKeys: readonly ApiKeyConfig[];
  jwt?: JwtConfig;
}

export interface JwtConfig {
  keys: { secret: string } | { publicKey: string } | { jwksUrl: string };
  issuer?: string;
  audience?: string;
}

const keySchema = z.strictObject({
  name: z.string().regex(/^[\w.@-]{1,100}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/i),
  filter: filterSchema.optional(),
  requestsPerMinute: z.number().positive().optional(),
});

/** Who may read. Throws ConfigError; what it says holds nothing of keys. */
export function toAccess(env: Env): AccessConfig {
  const { ACCESS_MODE: mode, API_KEYS: keys } = env;
  const apiKeys = keys === undefined ? [] : readKeys(keys);
  const jwt = toJwt(env);
  if (mode === 'token' && apiKeys.length === 0 && jwt === undefined) {
    throw wrong('ACCESS_MODE', 'is token: set API_KEYS, JWT_SECRET, JWT_PUBLIC_KEY or JWT_JWKS_URL');
  }
  return { mode, apiKeys, ...(jwt && { jwt }) };
}

function toJwt({ JWT_SECRET, JWT_PUBLIC_KEY, JWT_JWKS_URL, JWT_ISSUER, JWT_AUDIENCE }: Env): JwtConfig | undefined {
  const given: JwtConfig['keys'][] = [
    ...(JWT_SECRET === undefined ? [] : [{ secret: JWT_SECRET }]),
    ...(JWT_PUBLIC_KEY === undefined ? [] : [{ publicKey: readPem(JWT_PUBLIC_KEY) }]),
    ...(JWT_JWKS_URL === undefined ? [] : [{ jwksUrl: JWT_JWKS_URL }]),
  ];
  const [keys] = given;
  if (given.length > 1) throw wrong('JWT_SECRET', 'set one of JWT_SECRET, JWT_PUBLIC_KEY and JWT_JWKS_URL');
  if (keys === undefined) return undefined;
  return {
    keys,
    ...(JWT_ISSUER !== undefined && { issuer: JWT_ISSUER }),
    ...(JWT_AUDIENCE !== undefined && { audience: JWT_AUDIENCE }),
  };
}

function readPem(value: string): string {
  const pem = value.includes('-----BEGIN') ? value.replaceAll('\\n', '\n') : readText('JWT_PUBLIC_KEY', value);
  if (!/-----BEGIN PUBLIC KEY-----/.test(pem)) throw wrong('JWT_PUBLIC_KEY', 'is no public key in PEM');
  return pem;
}

function readKeys(value: string): ApiKeyConfig[] {
  const entries = parse(value.startsWith('[') ? value : readText('API_KEYS', value));
  const keys = entries.map((entry, index) => toKey(entry, index + 1));
  if (new Set(keys.map(({ name }) => name)).size < keys.length) throw wrong('API_KEYS', 'names two keys alike');
  return keys;
}

function toKey(entry: unknown, place: number): ApiKeyConfig {
  const { success, data } = keySchema.safeParse(entry);
  if (!success) throw wrong('API_KEYS', `entry ${place} accepts ${KEY_FIELDS}`);
  const { name, sha256, filter, requestsPerMinute } = data;
  return { name, sha256, ...(filter && { filter }), ...(requestsPerMinute !== undefined && { requestsPerMinute }) };
}

const KEY_FIELDS = '{"name", "sha256": 64 hexadecimal digits, and perhaps "filter" and "requestsPerMinute"}';

function readText(variable: VariableName, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw wrong(variable, 'is neither what it should be nor the path of a file that can be read');
  }
}

function parse(json: string): unknown[] {
  try {
    return z.array(z.unknown()).parse(JSON.parse(json));
  } catch {
    // The parser's own message quotes what it read.
    throw wrong('API_KEYS', 'is no JSON array');
  }
}

function wrong(variable: VariableName, problem: string): ConfigError {
  return new ConfigError([{ variable, problem }]);
}
