import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { aPost } from '@hub/storage/testkit';
import type { EventBytes } from '../feed/view.ts';
import { DICTIONARY } from './dictionary.ts';
import { encodePackets, type Packet } from './packets.ts';

const post = (text: string): EventBytes => ({
  cursor: 'c1',
  type: 'post',
  json: Buffer.from(JSON.stringify(aPost({ text }))),
});
const wanted = (event: EventBytes) => [
  'posts',
  { cursor: 'c9', events: [{ type: 'post', cursor: 'c1', data: JSON.parse(event.json.toString()) as unknown }] },
];

/** Kind and payload of an unmasked WebSocket frame that is whole (RFC 6455, 5.2). */
function unframe(frame: Buffer): { kind: number; payload: Buffer } {
  const short = frame.readUInt8(1);
  const [at, length] =
    short < 126 ? [2, short] : short === 126 ? [4, frame.readUInt16BE(2)] : [10, Number(frame.readBigUInt64BE(2))];
  expect(frame.length).toBe(at + length);
  return { kind: frame.readUInt8(0), payload: frame.subarray(at) };
}

function only(packets: readonly Packet[]): Packet {
  expect(packets).toHaveLength(1);
  return packets[0]!;
}

describe('packets', () => {
  it('are framed whole, whatever their length', () => {
    const overhead = unframe(only(encodePackets([], '')).as('plain').frame).payload.length;
    for (const length of [overhead, 125, 126, 127, 65_535, 65_536, 200_000]) {
      const plain = only(encodePackets([], 'x'.repeat(length - overhead))).as('plain');
      expect(Buffer.concat(only(encodePackets([], 'x'.repeat(length - overhead))).parts)).toEqual(plain.frame);
      const { kind, payload } = unframe(plain.frame);
      expect([kind, payload.length, plain.bytes]).toEqual([0x81, length, plain.frame.length]);
      expect(payload.toString()).toBe(`4${String(plain.data)}`);
    }
  });

  it('say the same as text and compressed, in a quarter of the bytes', () => {
    const event = post('Grüße 🐈 日本語');
    const packet = only(encodePackets([event], 'c9'));
    expect(JSON.parse(String(packet.as('plain').data).slice(1))).toEqual(wanted(event));
    const { kind, payload } = unframe(packet.as('compressed').frame);
    expect(kind).toBe(0x82);
    const text = inflateRawSync(payload, { dictionary: Buffer.from(DICTIONARY) }).toString();
    expect(text).toBe(packet.as('plain').data);
    expect(packet.as('compressed').bytes).toBeLessThan(packet.as('plain').bytes / 4);
  });

  it('stay text where compressing would not pay', () => {
    const packet = only(encodePackets([], 'c9'));
    expect(packet.as('compressed')).toBe(packet.as('plain'));
  });

  it('keep gaps in their place', () => {
    const gap: EventBytes = { cursor: 'c2', type: 'gap', json: Buffer.from('{"source":"s.example"}') };
    const packets = encodePackets([post('a'), gap, { ...post('b'), cursor: 'c3' }], 'c3');
    const said = packets.map(
      (packet) => JSON.parse(String(packet.as('plain').data).slice(1)) as [string, { cursor: string }],
    );
    expect(said.map(([event, { cursor }]) => [event, cursor])).toEqual([
      ['posts', 'c1'],
      ['gap', 'c2'],
      ['posts', 'c3'],
    ]);
  });
});
