import { Duplex } from 'node:stream';
import { InflateRaw } from 'node:zlib';
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
  const stream = field(field(transport, 'socket'), '_socket');
  if (!(stream instanceof Duplex)) return undefined;
  const agreed = field(deflateOf(transport), 'params');
  return { stream, inflates: agreed !== undefined && field(agreed, 'server_max_window_bits') === undefined };
}

/**
 * Lets go of what the connection's last message was inflated with (50 KB), which ws keeps for the next one: clients say
 * little, and browsers deflate even that.
 */
export function dropInflater({ transport }: Pick<HubSocket['conn'], 'transport'>): void {
  const deflate = deflateOf(transport);
  if (field(deflate, '_inflate') instanceof InflateRaw) (field(deflate, 'cleanup') as () => void).call(deflate);
}

function deflateOf(transport: HubSocket['conn']['transport']): unknown {
  return field(field(field(transport, 'socket'), '_extensions'), 'permessage-deflate');
}

function field(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined;
}
