import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Filter } from '@hub/contracts';

/** Who asks, as limits and permissions see it. */
export interface Client {
  /** Where it comes from, as `addressReader` says. */
  readonly address: string;
  /** Who it is, if it has shown a key or token. */
  readonly name?: string;
  readonly filter?: Filter;
  readonly requestsPerMinute?: number;
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
}

/** What of a request says who asks. */
export interface Caller {
  remoteAddress: string | undefined;
  forwardedFor?: string | undefined;
  credential?: string | undefined;
}

const BEARER = /^Bearer +(\S+)$/i;

/** Of an HTTP request: `Authorization: Bearer …`, or `access_token` in the URL for what can set no headers. */
export function callerOf({ headers, socket, url = '' }: Pick<IncomingMessage, 'headers' | 'socket' | 'url'>): Caller {
  return {
    remoteAddress: socket.remoteAddress,
    forwardedFor: forwardedFor(headers),
    credential:
      bearer(headers.authorization) ?? new URLSearchParams(url.split('?', 2)[1]).get('access_token') ?? undefined,
  };
}

export function forwardedFor(headers: IncomingHttpHeaders): string | undefined {
  const given = headers['x-forwarded-for'];
  return Array.isArray(given) ? given.join(',') : given;
}

export function bearer(authorization: string | undefined): string | undefined {
  return BEARER.exec(authorization ?? '')?.[1];
}
