import type { Duplex } from 'node:stream';
import type { ClientToServerEvents, Cursor, ServerToClientEvents } from '@hub/contracts';
import type { DefaultEventsMap, Socket } from 'socket.io';
import type { Client } from '../access/client.ts';
import type { Sink } from '../feed/subscription.ts';
import { taken } from '../feed/taken.ts';
import type { EventBytes } from '../feed/view.ts';
import type { ClientSession } from './client-session.ts';
import { encodePackets, type Packet } from './packets.ts';
import { wireOf, type Wire } from './wire.ts';

/** What goes with a socket: who it is, and what it is served by once it is let in. */
export interface SocketData {
  client: Client;
  session?: ClientSession;
}

export type HubSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, SocketData>;

/** Frames for one client that goes at its own pace. */
export class SocketSink implements Sink {
  readonly transport = 'socketio';
  readonly #socket: HubSocket;
  readonly #stallTimeoutMs: number;

  readonly #compress: boolean;

  /** `compress`: frames go out compressed while the connection is a WebSocket. */
  constructor(socket: HubSocket, compress: boolean, stallTimeoutMs: number) {
    this.#socket = socket;
    this.#compress = compress;
    this.#stallTimeoutMs = stallTimeoutMs;
  }

  async write(events: readonly EventBytes[], cursor: Cursor): Promise<number> {
    const { conn } = this.#socket;
    let sent = 0;
    for (const packet of encodePackets(events, cursor)) sent += await this.#send(packet, wireOf(conn));
    return sent;
  }

  /** Straight to the wire where engine.io holds nothing back that this could overtake. */
  async #send(packet: Packet, wire: Wire | undefined): Promise<number> {
    const { conn } = this.#socket;
    const compress = this.#compress && wire !== undefined;
    if (wire === undefined || !conn.transport.writable || conn.readyState !== 'open') {
      const message = packet.as(compress ? 'compressed' : 'plain');
      await taken(conn, this.#stallTimeoutMs, () => {
        conn.write(message.data);
        return conn.readyState !== 'open';
      });
      return message.bytes;
    }
    const { stream } = wire;
    const parts = compress ? [packet.as('compressed').frame] : packet.parts;
    await taken(stream, this.#stallTimeoutMs, () => writeAll(stream, parts) || stream.destroyed);
    return parts.reduce((sum, { length }) => sum + length, 0);
  }
}

/** In one system call. False: more is waiting than the stream likes. */
function writeAll(stream: Duplex, parts: readonly Buffer[]): boolean {
  stream.cork();
  for (const part of parts) stream.write(part);
  stream.uncork();
  return !stream.writableNeedDrain;
}
