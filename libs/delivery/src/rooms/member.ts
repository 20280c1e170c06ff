import type { Place } from '../feed/feed-log.ts';
import type { Packet } from '../socket/packets.ts';

/** A client that gets the frames of its room, and where it stands: the room moves it on. */
export interface Member extends Place {
  /** Takes frames without waiting; false: what it has not passed on has become too much, and it goes. */
  send(packets: readonly Packet[]): boolean;
  /** It is in no room any more, and goes on from where it stands by itself. */
  left(): void;
}
