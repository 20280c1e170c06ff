import { deflateRawSync } from 'node:zlib';
import type { Cursor } from '@hub/contracts';
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

/** A message as engine.io sends it to any number of connections. */
export interface Message {
  data: string | Buffer;
  /** Of the WebSocket frame. */
  bytes: number;
  /** The whole WebSocket frame, so that nothing is framed per connection. */
  options: { compress: false; wsPreEncodedFrame: [Buffer] };
}

/** A Socket.IO packet; its forms are made when somebody asks, once for all who do. */
export class Packet {
  /** Of the Socket.IO protocol: `2["event",data]`. */
  readonly text: string;
  #plain: Message | undefined;
  #compressed: Message | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get plain(): Message {
    this.#plain ??= message(this.text, textFrame(this.text));
    return this.#plain;
  }

  /** One binary message: see SubscribeAnswer of @hub/contracts. A short packet as it is. */
  get compressed(): Message {
    this.#compressed ??= this.text.length < MIN_COMPRESSED_BYTES ? this.plain : compressed(this.text);
    return this.#compressed;
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

function postsPacket(events: readonly EventText[], cursor: Cursor): Packet {
  const texts = events.map(
    ({ type, cursor, json }) => `{"type":"${type}","cursor":${JSON.stringify(cursor)},"data":${json}}`,
  );
  return new Packet(`2["posts",{"cursor":${JSON.stringify(cursor)},"events":[${texts.join(',')}]}]`);
}

function gapPacket({ cursor, json }: EventText): Packet {
  const gap = JSON.parse(json) as object;
  return new Packet(`2["gap",${JSON.stringify({ ...gap, cursor })}]`);
}

function compressed(text: string): Message {
  const data = deflateRawSync(text, COMPRESSION);
  const { frame, at } = emptyFrame(BINARY_FRAME, data.length);
  data.copy(frame, at);
  return message(data, frame);
}

function message(data: string | Buffer, frame: Buffer): Message {
  return { data, bytes: frame.length, options: { compress: false, wsPreEncodedFrame: [frame] } };
}

/** An engine.io message: '4' and the packet. */
function textFrame(packet: string): Buffer {
  const { frame, at } = emptyFrame(TEXT_FRAME, 1 + Buffer.byteLength(packet));
  frame.write('4', at);
  frame.write(packet, at + 1);
  return frame;
}

/** An unmasked WebSocket frame (RFC 6455, 5.2) and where its payload goes. */
function emptyFrame(kind: number, length: number): { frame: Buffer; at: number } {
  const at = length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(at + length);
  frame[0] = kind;
  if (at === 2) frame[1] = length;
  else if (at === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return { frame, at };
}
