import type { StreamName } from '../options.ts';

/**
 * Where to connect for a stream. `named`: the base that the server's instance document names. Without one it is the
 * server itself; and where that speaks plain http, a wss: address on the same host is taken for a slip of the document.
 */
export function streamingUrl(server: URL, named: string | undefined, stream: StreamName): URL {
  const base = named !== undefined && URL.canParse(named) ? new URL(named) : new URL(server);
  const plain = base.host === server.host ? server.protocol === 'http:' : ['http:', 'ws:'].includes(base.protocol);
  const url = new URL(`${plain ? 'ws' : 'wss'}://${base.host}`);
  url.pathname = `${base.pathname.replace(/\/(api\/v1\/streaming\/?)?$/, '')}/api/v1/streaming`;
  const [name, tag] = stream.startsWith('hashtag:')
    ? ['hashtag', stream.slice('hashtag:'.length)]
    : [stream, undefined];
  url.searchParams.set('stream', name);
  if (tag !== undefined) url.searchParams.set('tag', tag);
  return url;
}
