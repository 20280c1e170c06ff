import { MastodonError } from './mastodon-error.ts';

/** Credentials as requests may carry them. */
export interface Credentials {
  authorization?: string | undefined;
  /** ?access_token= */
  query?: string | undefined;
  /** Sec-WebSocket-Protocol, where browsers put it. */
  protocol?: string | undefined;
}

/** The token of a request; the header counts most. */
export function tokenOf({ authorization, query, protocol }: Credentials): string | undefined {
  return authorization?.replace(/^Bearer /i, '') ?? query ?? protocol;
}

/**
 * Lets a listener in. Without a configured token everybody may listen.
 * @throws MastodonError 401
 */
export function admitListener(wanted: string | undefined, given: string | undefined): void {
  if (wanted === undefined || wanted === given) return;
  throw new MastodonError(401, given === undefined ? 'Missing access token' : 'Invalid access token');
}

/**
 * Whether a request of the API is made by a user; without a configured token any token makes one.
 * @throws MastodonError 401 for a token that is not the right one
 */
export function isUser(wanted: string | undefined, given: string | undefined): boolean {
  if (given !== undefined && wanted !== undefined && wanted !== given) {
    throw new MastodonError(401, 'The access token is invalid');
  }
  return given !== undefined;
}
