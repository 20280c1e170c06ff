import { nested, text, type JsonObject } from '../mastodon/json.ts';
import type { StreamName } from '../options.ts';

/** The base of the streaming URL that an instance document, new or old, names. */
export function namedBase(instance: JsonObject): string | undefined {
  const current = nested(instance, 'configuration', (configuration) =>
    nested(configuration, 'urls', (urls) => text(urls, 'streaming')),
  );
  return current || nested(instance, 'urls', (urls) => text(urls, 'streaming_api')) || undefined;
}

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

/** The same stream as server-sent events, given its address over a WebSocket. */
export function eventsUrl(socket: URL): URL {
  const url = new URL(socket.href.replace(/^ws/, 'http'));
  const stream = url.searchParams.get('stream') ?? 'public';
  url.searchParams.delete('stream');
  url.pathname = `${url.pathname}/${stream.replace(':', '/')}`;
  return url;
}
