import type { Cursor } from '@hub/contracts';
import type { Place } from '../feed/feed-log.ts';
import type { Member } from '../rooms/member.ts';
import type { HubSocket } from './socket-sink.ts';
import type { Packet } from './packets.ts';

/** A socket in its room. */
export class RoomMember implements Member {
  position: number;
  cursor: Cursor;
  readonly left: () => void;
  readonly #conn: HubSocket['conn'];
  readonly #maxQueuedBytes: number;
  #queuedBytes = 0;

  constructor({ conn }: HubSocket, maxQueuedBytes: number, { position, cursor }: Place, left: () => void) {
    this.#conn = conn;
    this.#maxQueuedBytes = maxQueuedBytes;
    this.position = position;
    this.cursor = cursor;
    this.left = left;
  }

  send(packets: readonly Packet[]): boolean {
    for (const { text, bytes, options } of packets) {
      // Writable: all that was sent before is with the system.
      if (this.#conn.transport.writable) this.#queuedBytes = 0;
      this.#queuedBytes += bytes;
      this.#conn.write(text, options);
    }
    return this.#queuedBytes <= this.#maxQueuedBytes;
  }
}
