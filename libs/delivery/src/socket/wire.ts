import { Duplex } from 'node:stream';
import type { HubSocket } from './socket-sink.ts';

/** What a WebSocket is written to. */
export interface Wire {
  /** Takes whole frames. */
  stream: Duplex;
  /** The client undoes permessage-deflate (RFC 7692), with a window of any size. */
  inflates: boolean;
}

/**
 * The stream beneath a connection that is a WebSocket. engine.io and ws keep it to themselves, but offer nothing that
 * would not cost each client more than the write itself. Undefined for connections that poll.
 */
export function wireOf({ transport }: HubSocket['conn']): Wire | undefined {
  const webSocket = field(transport, 'socket');
  const stream = field(webSocket, '_socket');
  if (!(stream instanceof Duplex)) return undefined;
  const agreed = field(field(field(webSocket, '_extensions'), 'permessage-deflate'), 'params');
  return { stream, inflates: agreed !== undefined && field(agreed, 'server_max_window_bits') === undefined };
}

function field(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined;
}
