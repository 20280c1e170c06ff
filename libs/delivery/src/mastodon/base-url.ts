import type { IncomingMessage } from 'node:http';

/** The hub's own origin as the client knows it; what a proxy says of it counts if the proxy is trusted. */
export function baseUrl({ headers }: Pick<IncomingMessage, 'headers'>, isTrusted: boolean): URL {
  const said = (name: string) =>
    (isTrusted
      ? String(headers[name] ?? '')
          .split(',')[0]
          ?.trim()
      : undefined) || undefined;
  const protocol = said('x-forwarded-proto') === 'https' ? 'https' : 'http';
  const url = `${protocol}://${said('x-forwarded-host') ?? headers.host ?? ''}`;
  return new URL(URL.canParse(url) ? url : 'http://localhost');
}
