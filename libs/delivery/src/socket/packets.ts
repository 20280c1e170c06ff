import { deflateRawSync } from 'node:zlib';
import type { Cursor } from '@hub/contracts';
import { encodeOnce } from '../feed/encode-once.ts';
import type { EventText } from '../feed/view.ts';
import { DICTIONARY } from './dictionary.ts';

/** Shorter packets cost more to compress than their bytes do. */
const MIN_COMPRESSED_BYTES = 600;
/** Higher levels save a tenth of the bytes at twice the time. */
const COMPRESSION = { level: 3, dictionary: Buffer.from(DICTIONARY) } as const;

const TEXT_FRAME = 0x81;
const BINARY_FRAME = 0x82;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** Of engine.io: what follows is a message. */
const ENGINE_MESSAGE = Buffer.from('4');
const COMMA = Buffer.from(',');
const END = Buffer.from(']}]');

/** A message as engine.io sends it to any number of connections. */
export class Message {
  /** The whole WebSocket frame, so that nothing is framed per connection. */
  readonly options: { compress: false; wsPreEncodedFrame: [Buffer] };
  readonly #data: () => string | Buffer;

  constructor(frame: Buffer, data: () => string | Buffer) {
    this.options = { compress: false, wsPreEncodedFrame: [frame] };
    this.#data = data;
  }

  get frame(): Buffer {
    return this.options.wsPreEncodedFrame[0];
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
  #plain: Message | undefined;
  #compressed: Message | undefined;

  constructor(parts: readonly Buffer[]) {
    this.#parts = parts;
    this.#length = parts.reduce((sum, { length }) => sum + length, 0);
  }

  get plain(): Message {
    this.#plain ??= new Message(frameOf(TEXT_FRAME, [ENGINE_MESSAGE, ...this.#parts]), () =>
      this.#payload().toString(),
    );
    return this.#plain;
  }

  /** One binary message: see SubscribeAnswer of @hub/contracts. A short packet as it is. */
  get compressed(): Message {
    this.#compressed ??= this.#length < MIN_COMPRESSED_BYTES ? this.plain : this.#compress();
    return this.#compressed;
  }

  #compress(): Message {
    const data = deflateRawSync(this.#payload(), COMPRESSION);
    return new Message(frameOf(BINARY_FRAME, [data]), () => data);
  }

  #payload(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }
}

/** Events and the position after them. A gap is an event of its own, in its place between the posts. */
export function encodePackets(events: readonly EventText[], cursor: Cursor): Packet[] {
  const packets: Packet[] = [];
  let run: EventText[] = [];
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

const encodedEvent = encodeOnce(
  ({ type, cursor, json }) => `{"type":"${type}","cursor":${JSON.stringify(cursor)},"data":${json}}`,
);

function postsPacket(events: readonly EventText[], cursor: Cursor): Packet {
  const parts: Buffer[] = [Buffer.from(`2["posts",{"cursor":${JSON.stringify(cursor)},"events":[`)];
  for (const [i, event] of events.entries()) {
    if (i > 0) parts.push(COMMA);
    parts.push(encodedEvent(event));
  }
  return new Packet([...parts, END]);
}

function gapPacket({ cursor, json }: EventText): Packet {
  const gap = JSON.parse(json) as object;
  return new Packet([Buffer.from(`2["gap",${JSON.stringify({ ...gap, cursor })}]`)]);
}

/** An unmasked WebSocket frame (RFC 6455, 5.2). */
function frameOf(kind: number, parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const header = length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = kind;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  let at = header;
  for (const part of parts) at += part.copy(frame, at);
  return frame;
}
