import { backoff } from '../backoff.ts';
import type { ConnectionEnd } from './connection.ts';

const RETRY = { base: 500, cap: 60_000 };
/** What a person has to mend is asked again this seldom. */
const REFUSED_MS = 5 * 60_000;

/** Where a token is set. */
export const TOKEN = 'MASTODON_ACCESS_TOKEN (or accessToken in MASTODON_SOURCES)';

/** Whether someone has to do something before it can work. */
export function isRefusal({ cause, status }: ConnectionEnd): boolean {
  return cause === 'refused' && (status === undefined || [400, 401, 403, 404, 410].includes(status));
}

/** Whether nobody answered: not on the network, not in time, or not with a certificate that holds. */
export function isUnreachable({ cause, status }: ConnectionEnd): boolean {
  return cause === 'failed' || (cause === 'refused' && status !== undefined && status >= 500);
}

/** Whether the server has no WebSocket there, but perhaps server-sent events. */
export function lacksWebSocket({ cause, status }: ConnectionEnd): boolean {
  return cause === 'refused' && status !== undefined && [200, 400, 404, 405, 406, 410, 426, 501].includes(status);
}

/** How long to wait before the next attempt, in milliseconds. `attempt`: short-lived connections in succession. */
export function waitAfter(end: ConnectionEnd, attempt: number): number {
  if (end.retryAfterMs !== undefined) return end.retryAfterMs + backoff(1, RETRY);
  if (isRefusal(end)) return REFUSED_MS / 2 + backoff(0, { base: REFUSED_MS, cap: REFUSED_MS });
  return backoff(attempt, RETRY);
}

/** For people: what happened, and what they can do about it. Names variables, never values. */
export function explainEnd(end: ConnectionEnd, source: string, stream: string, hasToken: boolean): string {
  const { cause, status, detail } = end;
  if (status === 401 || status === 403) {
    return hasToken
      ? `${source} refused the access token (${detail}): set ${TOKEN} to a token of a user of ${source}, with the scope read.`
      : `${source} gives its streams to its users only (${detail}): set ${TOKEN} to a token of a user of ${source}.`;
  }
  if (status === 404 || status === 410)
    return `${source} has no streaming here (${detail}): check its name in MASTODON_SERVER or MASTODON_SOURCES.`;
  switch (cause) {
    case 'refused':
      return `${source} refused the stream ${stream}: ${detail}.`;
    case 'failed':
      if (/certificate/i.test(detail))
        return `The certificate of ${source} does not hold (${detail}): its operator has to renew it.`;
      return `${source} cannot be reached (${detail}).`;
    case 'silent':
      return `${source} fell silent (${detail}).`;
    case 'closed':
      return `${source} closed the connection (${detail}).`;
  }
}
