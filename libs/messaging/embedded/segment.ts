import { crc32 } from 'node:zlib';
import type { Envelope } from '@hub/contracts/proto';
import { DataCorruptError } from '@hub/sqlite';

/*
 * A segment holds envelopes that were appended together, in one row: reading, writing and removing cost little per
 * message. Layout: checksum of the rest (u32), length of the index (u32), index (JSON), the values one after another.
 * The index names header names and values by their place in a table, as they repeat from message to message.
 */
const PREFIX_BYTES = 8;

interface Index {
  strings: string[];
  /** Of each message: key, length of the value, then name and value of each header by their place in `strings`. */
  messages: [string, number, ...number[]][];
}

export function encodeSegment(envelopes: readonly Envelope[]): Uint8Array {
  const index = Buffer.from(JSON.stringify(indexOf(envelopes)));
  const size = envelopes.reduce((sum, { value }) => sum + value.byteLength, PREFIX_BYTES + index.byteLength);
  // Of its own memory, not of a shared pool: it is copied to a thread together with all of the memory it lies in.
  const bytes = new Uint8Array(size);
  bytes.set(index, PREFIX_BYTES);
  let at = PREFIX_BYTES + index.byteLength;
  for (const { value } of envelopes) {
    bytes.set(value, at);
    at += value.byteLength;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(4, index.byteLength);
  view.setUint32(0, crc32(bytes.subarray(4)));
  return bytes;
}

function indexOf(envelopes: readonly Envelope[]): Index {
  const places = new Map<string, number>();
  const place = (text: string): number => {
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, places.size);
    return places.size - 1;
  };
  const messages = envelopes.map(({ key, value, headers }): Index['messages'][number] => [
    key,
    value.byteLength,
    ...Object.entries(headers).flatMap(([name, text]) => [place(name), place(text)]),
  ]);
  return { strings: [...places.keys()], messages };
}

/** The values are views on `bytes`. Throws DataCorruptError, which names `path`, if anything but what was written is there. */
export function decodeSegment(bytes: Uint8Array, path: string): Envelope[] {
  if (bytes.byteLength < PREFIX_BYTES) throw new DataCorruptError(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== crc32(bytes.subarray(4))) throw new DataCorruptError(path);
  const values = PREFIX_BYTES + view.getUint32(4);
  // What has the right checksum was written by encodeSegment.
  const { strings, messages } = JSON.parse(
    Buffer.from(bytes.buffer, bytes.byteOffset + PREFIX_BYTES, values - PREFIX_BYTES).toString(),
  ) as Index;
  let at = values;
  return messages.map(([key, length, ...places]) => {
    const value = bytes.subarray(at, at + length);
    at += length;
    return { key, value, headers: headersOf(places, strings) };
  });
}

function headersOf(places: readonly number[], strings: readonly string[]): Record<string, string> {
  const entries: [string, string][] = [];
  for (let i = 0; i < places.length; i += 2) {
    entries.push([strings[places[i] ?? -1] ?? '', strings[places[i + 1] ?? -1] ?? '']);
  }
  // Not by assignment: a header may be called __proto__.
  return Object.fromEntries(entries);
}
