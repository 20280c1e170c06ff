import type { IncomingMessage, ServerResponse } from 'node:http';
import { HubError } from '@hub/contracts';

/** What a page of another origin may send along. */
const HEADERS = 'Content-Type, Last-Event-ID, Authorization';

/** What it may read of an answer beside its words. */
const EXPOSED = 'Link, Retry-After';

/** How long a browser need not ask again; by itself it would every 5 s. */
const PREFLIGHT_SECONDS = 600;

/**
 * Whether the page that a request comes from may read here: one of this host, or of an allowed origin ('*' is any).
 * What is no browser sends no origin and may.
 */
export function isAllowedOrigin({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined || allowed.includes('*') || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** For pages that may not. */
export function foreignOrigin(): HubError {
  return new HubError(
    'forbidden',
    'Pages of this origin may not read here: ALLOWED_ORIGINS of the hub names those that may.',
  );
}

/** Middleware that tells browsers which pages may read what is served (CORS). */
export function shareWith(allowed: readonly string[]) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const { origin } = request.headers;
    response.setHeader('Vary', 'Origin');
    if (origin !== undefined && isAllowedOrigin(request, allowed)) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Access-Control-Allow-Headers', HEADERS);
      response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
      response.setHeader('Access-Control-Expose-Headers', EXPOSED);
      response.setHeader('Access-Control-Max-Age', PREFLIGHT_SECONDS);
    }
    const isPreflight = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers;
    if (isPreflight && origin !== undefined) response.writeHead(204).end();
    else next();
  };
}
