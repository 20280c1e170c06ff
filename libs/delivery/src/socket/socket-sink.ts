import type { ClientToServerEvents, Cursor, ServerToClientEvents } from '@hub/contracts';
import type { Socket } from 'socket.io';
import type { Sink } from '../feed/subscription.ts';
import { taken } from '../feed/taken.ts';
import type { EventText } from '../feed/view.ts';
import { encodePackets } from './packets.ts';

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
    const compress = this.#compress && conn.transport.name === 'websocket';
    const packets = encodePackets(events, cursor);
    const messages = packets.map((packet) => (compress ? packet.compressed : packet.plain));
    for (const { data, options } of messages) {
      await taken(conn, this.#stallTimeoutMs, () => {
        conn.write(data, options);
        return conn.readyState !== 'open';
      });
    }
    return messages.reduce((total, { bytes }) => total + bytes, 0);
  }
}
