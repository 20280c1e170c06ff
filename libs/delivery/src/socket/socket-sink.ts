import type { ClientToServerEvents, Cursor, ServerToClientEvents } from '@hub/contracts';
import type { DefaultEventsMap, Socket } from 'socket.io';
import type { Client } from '../access/client.ts';
import type { Sink } from '../feed/subscription.ts';
import { taken } from '../feed/taken.ts';
import type { EventText } from '../feed/view.ts';
import { encodePackets, type Message } from './packets.ts';
import { wireOf, type Wire } from './wire.ts';

export type HubSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap, { client: Client }>;

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

  async write(events: readonly EventText[], cursor: Cursor): Promise<number> {
    const { conn } = this.#socket;
    const wire = wireOf(conn);
    const packets = encodePackets(events, cursor);
    const encoding = this.#compress && wire !== undefined ? 'compressed' : 'plain';
    const messages = packets.map((packet) => packet.as(encoding));
    for (const message of messages) await this.#send(message, wire);
    return messages.reduce((total, { bytes }) => total + bytes, 0);
  }

  /** Straight to the wire where engine.io holds nothing back that this could overtake. */
  async #send(message: Message, wire: Wire | undefined): Promise<void> {
    const { conn } = this.#socket;
    if (wire !== undefined && conn.transport.writable && conn.readyState === 'open') {
      const { stream } = wire;
      await taken(stream, this.#stallTimeoutMs, () => stream.write(message.frame) || stream.destroyed);
    } else {
      await taken(conn, this.#stallTimeoutMs, () => {
        conn.write(message.data);
        return conn.readyState !== 'open';
      });
    }
  }
}
