import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { InflateRaw } from 'node:zlib';
import { privateField } from '../private-field.ts';
import type { HubSocket } from './socket-sink.ts';

type Connection = HubSocket['conn'];

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
export function wireOf({ transport }: Connection): Wire | undefined {
  const stream = privateField(privateField(transport, 'socket'), '_socket');
  if (!(stream instanceof Duplex)) return undefined;
  const agreed = privateField(deflateOf(transport), 'params');
  return { stream, inflates: agreed !== undefined && privateField(agreed, 'server_max_window_bits') === undefined };
}

/**
 * Lets go of what the connection's last message was inflated with (50 KB), which ws keeps for the next one: clients say
 * little, and browsers deflate even that.
 */
export function dropInflater({ transport }: Pick<Connection, 'transport'>): void {
  const deflate = deflateOf(transport);
  if (privateField(deflate, '_inflate') instanceof InflateRaw)
    (privateField(deflate, 'cleanup') as () => void).call(deflate);
}

/**
 * engine.io makes each upgrade a response for its middleware, which listens for the end of the connection, and so stays
 * as long. Ours do not ask when it ends.
 */
export function dropResponses(engine: {
  handleUpgrade: (request: IncomingMessage, stream: Duplex, head: Buffer) => void;
}): void {
  const handleUpgrade = engine.handleUpgrade.bind(engine);
  engine.handleUpgrade = (request, stream, head) => {
    const others = new Set(stream.rawListeners('close'));
    handleUpgrade(request, stream, head);
    for (const listener of stream.rawListeners('close') as (() => void)[]) {
      // It listens once. ws, which may have come to its turn already, does so for good.
      if (!others.has(listener) && 'listener' in listener) stream.off('close', listener);
    }
  };
}

/**
 * Has a connected socket keep no more than it needs, for it may wait for hours. What the libraries call their parts is
 * theirs: where a name is not found, a connection costs more, and works.
 */
export function trim(socket: HubSocket): void {
  trimConnection(socket.conn);
  shorten(socket, '_anyListeners');
  shorten(privateField(privateField(socket.client, 'decoder'), '_callbacks'), '$decoded');
  if (socket.conn.transport.name === 'polling') socket.conn.on('upgrade', trimUpgraded);
}

function trimUpgraded(this: Connection): void {
  this.off('upgrade', trimUpgraded);
  trimConnection(this);
}

function trimConnection(connection: Connection): void {
  const { transport } = connection;
  shorten(connection, 'cleanupFn');
  repack(connection);
  if (transport.name !== 'websocket') return;
  // Headers are asked for before there is a WebSocket.
  transport.removeAllListeners('headers');
  repack(transport);
  dropUpgradeError(privateField(transport, 'socket'));
  shareAgreement(deflateOf(transport));
}

/** The listeners stay as they are; but what Node keeps them in grows in leaps and does not shrink. */
function repack(emitter: EventEmitter): void {
  const names = emitter.eventNames();
  const listeners = names.map((name) => [name, emitter.rawListeners(name) as (() => void)[]] as const);
  emitter.removeAllListeners();
  for (const [name, ofName] of listeners) for (const listener of ofName) emitter.on(name, listener);
}

/** An array that something was pushed to has room for 16 more. */
function shorten(object: unknown, name: string): void {
  const array = privateField(object, name);
  if (Array.isArray(array)) Reflect.set(object as object, name, array.slice());
}

/** engine.io leaves the listener that ignores errors until there is a transport to take them. */
function dropUpgradeError(webSocket: unknown): void {
  if (!(webSocket instanceof EventEmitter)) return;
  const [first, ...others] = webSocket.listeners('error') as (() => void)[];
  if (first?.name === 'onUpgradeError' && others.length > 0) webSocket.off('error', first);
}

/** What connections agreed on for permessage-deflate, by its JSON: nearly all on the same, and each has its own copy. */
const agreements = new Map<string, object>();

/** The choices are few: two flags, and two windows of 8 to 15 bits. */
function shareAgreement(deflate: unknown): void {
  for (const name of ['params', '_options']) {
    const own = privateField(deflate, name);
    if (typeof own !== 'object' || own === null) continue;
    const key = JSON.stringify(own);
    const shared = agreements.get(key) ?? own;
    agreements.set(key, shared);
    Reflect.set(deflate as object, name, shared);
  }
}

function deflateOf(transport: Connection['transport']): unknown {
  return privateField(privateField(privateField(transport, 'socket'), '_extensions'), 'permessage-deflate');
}
