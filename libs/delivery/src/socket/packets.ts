import { constants, deflateRawSync } from 'node:zlib';
import type { Cursor } from '@hub/contracts';
import type { EventBytes } from '../feed/view.ts';
import { DICTIONARY } from './dictionary.ts';

/** Shorter packets cost more to compress than their bytes do. */
const MIN_COMPRESSED_BYTES = 600;
/** Higher levels save a tenth of the bytes at twice the time. */
const LEVEL = 3;
const COMPRESSION = { level: LEVEL, dictionary: Buffer.from(DICTIONARY) } as const;
/** A message ends with an empty block, of which all but the first byte is left out (RFC 7692, 7.2.1). */
const DEFLATION = { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH } as const;
const EMPTY_BLOCK_REST_BYTES = 4;

const TEXT_FRAME = 0x81;
/** Its payload is deflated: the bit RSV1 (RFC 7692, 6). */
const DEFLATED_TEXT_FRAME = 0xc1;
const BINARY_FRAME = 0x82;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** Of engine.io: what follows is a message. */
const ENGINE_MESSAGE = Buffer.from('4');
const EVENT_END = Buffer.from('}');
const END = Buffer.from(']}]');

/**
 * How a connection takes a packet: as text; as text that WebSocket's own extension deflates (RFC 7692), which stock
 * clients undo by themselves; or as one binary message with the dictionary, for those who asked (see SubscribeAnswer of
 * @hub/contracts).
 */
export type Encoding = 'plain' | 'deflated' | 'compressed';

/** A message that any number of connections get. */
export class Message {
  /** The whole WebSocket frame, so that nothing is framed or compressed per connection. */
  readonly frame: Buffer;
  readonly #data: () => string | Buffer;

  constructor(frame: Buffer, data: () => string | Buffer) {
    this.frame = frame;
    this.#data = data;
  }

  get bytes(): number {
    return this.frame.length;
  }

  /** For connections that take no frames. */
  get data(): string | Buffer {
    return this.#data();
  }
}

/** A Socket.IO packet (`2["event",data]`) in parts of UTF-8; its forms are made when somebody asks, once for all who do. */
export class Packet {
  readonly #parts: readonly Buffer[];
  readonly #length: number;
  readonly #messages = new Map<Encoding, Message>();
  #text: string | undefined;

  constructor(parts: readonly Buffer[]) {
    this.#parts = parts;
    this.#length = parts.reduce((sum, { length }) => sum + length, 0);
  }

  /** A short packet is plain in every encoding: all who take the others take it, too. */
  as(encoding: Encoding): Message {
    if (encoding !== 'plain' && this.#length < MIN_COMPRESSED_BYTES) return this.as('plain');
    const known = this.#messages.get(encoding);
    if (known !== undefined) return known;
    const made = this.#encode(encoding);
    this.#messages.set(encoding, made);
    return made;
  }

  /** The frame of the plain text in parts, for a connection that gets it alone: nothing is copied together. */
  get parts(): readonly Buffer[] {
    return [headOf(TEXT_FRAME, ENGINE_MESSAGE.length + this.#length), ENGINE_MESSAGE, ...this.#parts];
  }

  #encode(encoding: Encoding): Message {
    if (encoding === 'compressed') {
      const data = deflateRawSync(this.#payload(), COMPRESSION);
      return new Message(frameOf(BINARY_FRAME, data), () => data);
    }
    const data = () => (this.#text ??= this.#payload().toString());
    if (encoding === 'plain') return new Message(Buffer.concat(this.parts), data);
    const deflated = deflateRawSync(Buffer.concat([ENGINE_MESSAGE, ...this.#parts]), DEFLATION).subarray(
      0,
      -EMPTY_BLOCK_REST_BYTES,
    );
    return new Message(frameOf(DEFLATED_TEXT_FRAME, deflated), data);
  }

  #payload(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }
}

/** Events and the position after them. A gap is an event of its own, in its place between the posts. */
export function encodePackets(events: readonly EventBytes[], cursor: Cursor): Packet[] {
  const packets: Packet[] = [];
  let run: EventBytes[] = [];
  for (const event of events) {
    if (event.type !== 'gap') run.push(event);
    else {
      if (run.length > 0) packets.push(postsPacket(run, run.at(-1)?.cursor ?? event.cursor));
      packets.push(gapPacket(event));
      run = [];
    }
  }
  if (run.length > 0 || events.at(-1)?.cursor !== cursor) packets.push(postsPacket(run, cursor));
  return packets;
}

function postsPacket(events: readonly EventBytes[], cursor: Cursor): Packet {
  const parts: Buffer[] = [Buffer.from(`2["posts",{"cursor":${JSON.stringify(cursor)},"events":[`)];
  for (const [i, { type, cursor: at, json }] of events.entries()) {
    const begin = `${i > 0 ? ',' : ''}{"type":"${type}","cursor":${JSON.stringify(at)},"data":`;
    parts.push(Buffer.from(begin), json, EVENT_END);
  }
  return new Packet([...parts, END]);
}

function gapPacket({ cursor, json }: EventBytes): Packet {
  const gap = JSON.parse(json.toString()) as object;
  return new Packet([Buffer.from(`2["gap",${JSON.stringify({ ...gap, cursor })}]`)]);
}

/** An unmasked WebSocket frame (RFC 6455, 5.2). */
function frameOf(kind: number, payload: Buffer): Buffer {
  return Buffer.concat([headOf(kind, payload.length), payload]);
}

/** What stands before its payload. */
function headOf(kind: number, length: number): Buffer {
  if (length < LENGTH_16) return Buffer.from([kind, length]);
  const head = Buffer.allocUnsafe(length < 65_536 ? 4 : 10);
  head[0] = kind;
  if (head.length === 4) {
    head[1] = LENGTH_16;
    head.writeUInt16BE(length, 2);
  } else {
    head[1] = LENGTH_64;
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return head;
}
