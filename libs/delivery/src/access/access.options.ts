import type { Filter } from '@hub/contracts';

/** What whoever shows a key or token may do. */
export interface Grant {
  /** Names its holder in limits. */
  name: string;
  /** Posts that may be read; none: all. What a client asks for must lie within it, and is that unless it says more. */
  filter?: Filter;
  /** Instead of the limit of all. */
  requestsPerMinute?: number;
}

export interface ApiKey extends Grant {
  /** SHA-256 of the key, in hexadecimal: the key itself is known to its holder alone. */
  sha256: string;
}

/** How JSON Web Tokens are checked: with a shared secret (HS256), a public key (RS256), or the keys that a server publishes. */
export interface JwtOptions {
  keys: { secret: string } | { publicKey: string } | { jwksUrl: string };
  issuer?: string;
  audience?: string;
}

export interface AccessOptions {
  /** open: anybody reads. token: only who shows an API key or a token. */
  mode: 'open' | 'token';
  apiKeys: readonly ApiKey[];
  jwt?: JwtOptions;
}

export interface Limits {
  /** Connections that stay (Socket.IO, event streams, WebSockets, gRPC), in all. */
  clients: number;
  /** The same of one address or holder of a key. */
  clientsPerAddress: number;
  /** Requests and messages of one address or holder of a key; so many may come at once. */
  requestsPerMinute: number;
  /** Clients that read their past from the store at once; others wait in line. */
  replays: number;
}
