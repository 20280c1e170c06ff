import type { Place } from '../feed/feed-log.ts';
import type { Encoding, Message } from '../socket/packets.ts';

/** A client that gets the frames of its room, and where it stands: the room moves it on. */
export interface Member extends Place {
  readonly encoding: Encoding;
  /** Takes messages without waiting; false: what it has not passed on has become too much, and it goes. */
  send(messages: readonly Message[]): boolean;
  /** It is in no room any more, and goes on from where it stands by itself. */
  left(): void;
}
