import type { Duplex } from 'node:stream';
import type { Cursor } from '@hub/contracts';
import type { Place } from '../feed/feed-log.ts';
import type { Member } from '../rooms/member.ts';
import type { Encoding, Message } from './packets.ts';
import type { HubSocket } from './socket-sink.ts';

export interface RoomMemberOptions {
  conn: HubSocket['conn'];
  /** Of the connection. */
  wire: Duplex;
  encoding: Encoding;
  /** With more than this waiting it leaves its room. */
  maxQueuedBytes: number;
  left: () => void;
}

/** A socket in its room. */
export class RoomMember implements Member {
  position: number;
  cursor: Cursor;
  readonly encoding: Encoding;
  readonly left: () => void;
  readonly #conn: HubSocket['conn'];
  readonly #wire: Duplex;
  readonly #maxQueuedBytes: number;
  /** Handed to engine.io, which may not have passed it on. */
  #heldBytes = 0;

  constructor({ position, cursor }: Place, { conn, wire, encoding, maxQueuedBytes, left }: RoomMemberOptions) {
    this.position = position;
    this.cursor = cursor;
    this.encoding = encoding;
    this.left = left;
    this.#conn = conn;
    this.#wire = wire;
    this.#maxQueuedBytes = maxQueuedBytes;
  }

  send(messages: readonly Message[]): boolean {
    const conn = this.#conn;
    if (conn.readyState !== 'open') return true;
    for (const message of messages) {
      // Writable: engine.io holds nothing back that this could overtake.
      if (conn.transport.writable) {
        this.#heldBytes = 0;
        this.#wire.write(message.frame);
      } else {
        this.#heldBytes += message.bytes;
        conn.write(message.data);
      }
    }
    return this.#heldBytes + this.#wire.writableLength <= this.#maxQueuedBytes;
  }
}
