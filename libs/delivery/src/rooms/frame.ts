import type { FeedItem } from '../feed/feed-item.ts';
import type { Place } from '../feed/feed-log.ts';
import type { EventText } from '../feed/view.ts';
import { encodePackets, type Packet } from '../socket/packets.ts';
import type { Member } from './member.ts';

/** An event that the room's filter let through. */
export interface Pending {
  /** The position after it. */
  position: number;
  item: FeedItem;
  event: EventText;
}

interface Encoded {
  packets: readonly Packet[];
  events: number;
  bytes: number;
}

/** A part of the feed for the members of a room, encoded once for each position that they stand at: mostly one. */
export class Frame {
  readonly #pending: readonly Pending[];
  readonly #to: Place;
  readonly #encoded = new Map<number, Encoded>();
  readonly sent = { frames: 0, events: 0, bytes: 0 };

  /** Leads to `to`. Words of posts that were deleted meanwhile stay out. */
  constructor(pending: readonly Pending[], to: Readonly<Place>) {
    this.#pending = pending.filter(({ item, event }) => event !== item || !item.isForgotten);
    this.#to = { ...to };
  }

  /** When the hub had the first of it: performance.now(). */
  get since(): number | undefined {
    return this.#pending[0]?.item.since;
  }

  /** What the member has not got yet, and moves it on. False: it could not pass on what it has. */
  sendTo(member: Member): boolean {
    const { position, cursor } = this.#to;
    if (member.position > position || member.cursor === cursor) return true;
    const { packets, events, bytes } = this.#encodedAfter(member.position);
    const goesOn = member.send(packets);
    member.position = position;
    member.cursor = cursor;
    this.sent.frames += packets.length;
    this.sent.events += events;
    this.sent.bytes += bytes;
    return goesOn;
  }

  #encodedAfter(position: number): Encoded {
    const known = this.#encoded.get(position);
    if (known !== undefined) return known;
    const events = this.#pending.filter((one) => one.position > position).map(({ event }) => event);
    const packets = encodePackets(events, this.#to.cursor);
    const encoded = { packets, events: events.length, bytes: packets.reduce((sum, { bytes }) => sum + bytes, 0) };
    this.#encoded.set(position, encoded);
    return encoded;
  }
}
