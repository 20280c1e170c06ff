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

  constructor(socket: HubSocket, stallTimeoutMs: number) {
    this.#socket = socket;
    this.#stallTimeoutMs = stallTimeoutMs;
  }

  async write(events: readonly EventText[], cursor: Cursor): Promise<number> {
    const packets = encodePackets(events, cursor);
    const { conn } = this.#socket;
    for (const { text, options } of packets) {
      await taken(conn, this.#stallTimeoutMs, () => {
        conn.write(text, options);
        return conn.readyState !== 'open';
      });
    }
    return packets.reduce((total, { bytes }) => total + bytes, 0);
  }
}
