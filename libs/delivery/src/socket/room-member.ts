import type { Cursor } from '@hub/contracts';
import type { Place } from '../feed/feed-log.ts';
import type { Member } from '../rooms/member.ts';
import type { Message } from './packets.ts';
import type { HubSocket } from './socket-sink.ts';

/** A socket in its room. */
export class RoomMember implements Member {
  position: number;
  cursor: Cursor;
  readonly left: () => void;
  readonly #conn: HubSocket['conn'];
  readonly #maxQueuedBytes: number;
  #queuedBytes = 0;

  constructor(
    { conn }: HubSocket,
    readonly compress: boolean,
    maxQueuedBytes: number,
    { position, cursor }: Place,
    left: () => void,
  ) {
    this.#conn = conn;
    this.#maxQueuedBytes = maxQueuedBytes;
    this.position = position;
    this.cursor = cursor;
    this.left = left;
  }

  send(messages: readonly Message[]): boolean {
    for (const { data, bytes, options } of messages) {
      // Writable: all that was sent before is with the system.
      if (this.#conn.transport.writable) this.#queuedBytes = 0;
      this.#queuedBytes += bytes;
      this.#conn.write(data, options);
    }
    return this.#queuedBytes <= this.#maxQueuedBytes;
  }
}
