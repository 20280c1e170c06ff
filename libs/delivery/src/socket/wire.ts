import { Duplex } from 'node:stream';
import type { HubSocket } from './socket-sink.ts';

/**
 * The stream beneath a connection that is a WebSocket without per-message compression: whole frames may be written to it.
 * engine.io and ws keep it to themselves, but offer nothing that would not cost each client more than the write itself.
 * Undefined for connections that poll.
 */
export function wireOf({ transport }: HubSocket['conn']): Duplex | undefined {
  const webSocket: unknown = Reflect.get(transport, 'socket');
  if (typeof webSocket !== 'object' || webSocket === null) return undefined;
  const wire: unknown = Reflect.get(webSocket, '_socket');
  const isCompressed = Boolean(Reflect.get(transport, 'perMessageDeflate'));
  return wire instanceof Duplex && !isCompressed ? wire : undefined;
}
