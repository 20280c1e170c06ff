import type { Cursor } from '@hub/contracts';
import type { EventText } from '../feed/view.ts';

const TEXT_FRAME = 0x81;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** A Socket.IO packet, encoded once for all who get it. */
export interface Packet {
  /** Of the Socket.IO protocol: `2["event",data]`. */
  text: string;
  bytes: number;
  /** What engine.io takes with it: the whole WebSocket frame, so that nothing is framed per client. */
  options: { compress: false; wsPreEncodedFrame: [Buffer] };
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
  return toPacket(`2["posts",{"cursor":${JSON.stringify(cursor)},"events":[${texts.join(',')}]}]`);
}

function gapPacket({ cursor, json }: EventText): Packet {
  const gap = JSON.parse(json) as object;
  return toPacket(`2["gap",${JSON.stringify({ ...gap, cursor })}]`);
}

function toPacket(text: string): Packet {
  const frame = textFrame(text);
  return { text, bytes: frame.length, options: { compress: false, wsPreEncodedFrame: [frame] } };
}

/** An engine.io message ('4' and the packet) in one unmasked WebSocket text frame (RFC 6455, 5.2). */
function textFrame(packet: string): Buffer {
  const length = 1 + Buffer.byteLength(packet);
  const header = length < LENGTH_16 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = TEXT_FRAME;
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write('4', header);
  frame.write(packet, header + 1);
  return frame;
}
