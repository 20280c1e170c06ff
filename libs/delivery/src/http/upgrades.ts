import type { IncomingMessage, Server } from 'node:http';

/** Where WebSockets are served. */
const SOCKETS = /^\/(?:socket\.io\/|api\/v1\/streaming\/?(?:\?|$))/;

/**
 * Who offers to go on in another protocol is answered as if it had not, but for WebSockets where there are any: Node would
 * leave all others without an answer, such as `curl --http2` and Java's client, which offer HTTP/2.
 */
export function upgradeWebSocketsAlone(server: Server): void {
  const shouldUpgradeCallback = ({ url = '', headers }: IncomingMessage) =>
    headers.upgrade?.toLowerCase() === 'websocket' && SOCKETS.test(url);
  // An option of createServer, which the framework calls.
  Object.assign(server, { shouldUpgradeCallback });
}
