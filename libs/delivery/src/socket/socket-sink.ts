import type { Duplex } from 'node:stream';
import type { ClientToServerEvents, Cursor, ServerToClientEvents } from '@hub/contracts';
import type { Socket } from 'socket.io';
import type { Sink } from '../feed/subscription.ts';
import { taken } from '../feed/taken.ts';
import type { EventText } from '../feed/view.ts';
import { encodePackets, type Message } from './packets.ts';
import { wireOf } from './wire.ts';

export type HubSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

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
    const messages = packets.map((packet) => (this.#compress && wire !== undefined ? packet.compressed : packet.plain));
    for (const message of messages) await this.#send(message, wire);
    return messages.reduce((total, { bytes }) => total + bytes, 0);
  }

  /** Straight to the wire where engine.io holds nothing back that this could overtake. */
  async #send(message: Message, wire: Duplex | undefined): Promise<void> {
    const { conn } = this.#socket;
    if (wire !== undefined && conn.transport.writable && conn.readyState === 'open') {
      await taken(wire, this.#stallTimeoutMs, () => wire.write(message.frame) || wire.destroyed);
    } else {
      await taken(conn, this.#stallTimeoutMs, () => {
        conn.write(message.data, message.options);
        return conn.readyState !== 'open';
      });
    }
  }
}
