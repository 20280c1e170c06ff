import type { FeedItem } from '../feed/feed-item.ts';
import type { Place } from '../feed/feed-log.ts';
import type { EventBytes } from '../feed/view.ts';
import { encodePackets, type Encoding, type Message, type Packet } from '../socket/packets.ts';
import type { Member } from './member.ts';

/** An event that the room's filter let through. */
export interface Pending {
  /** The position after it. */
  position: number;
  item: FeedItem;
  event: EventBytes;
}

interface Encoded {
  messages: readonly Message[];
  events: number;
  bytes: number;
}

/**
 * A part of the feed for the members of a room, encoded once for each position that they stand at, mostly one, and for
 * each encoding that they take.
 */
export class Frame {
  readonly #pending: readonly Pending[];
  readonly #to: Place;
  readonly #packets = new Map<number, { packets: readonly Packet[]; events: number }>();
  readonly #encoded = { plain: new Map<number, Encoded>(), deflated: new Map(), compressed: new Map() };
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
    const { messages, events, bytes } = this.#encodedAfter(member.position, member.encoding);
    const goesOn = member.send(messages);
    member.position = position;
    member.cursor = cursor;
    this.sent.frames += messages.length;
    this.sent.events += events;
    this.sent.bytes += bytes;
    return goesOn;
  }

  #encodedAfter(position: number, encoding: Encoding): Encoded {
    const encoded: Map<number, Encoded> = this.#encoded[encoding];
    const known = encoded.get(position);
    if (known !== undefined) return known;
    const { packets, events } = this.#packetsAfter(position);
    const messages = packets.map((packet) => packet.as(encoding));
    const made = { messages, events, bytes: messages.reduce((sum, { bytes }) => sum + bytes, 0) };
    encoded.set(position, made);
    return made;
  }

  #packetsAfter(position: number): { packets: readonly Packet[]; events: number } {
    const known = this.#packets.get(position);
    if (known !== undefined) return known;
    const events = this.#pending.filter((one) => one.position > position).map(({ event }) => event);
    const made = { packets: encodePackets(events, this.#to.cursor), events: events.length };
    this.#packets.set(position, made);
    return made;
  }
}
