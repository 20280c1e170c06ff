import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import type { Envelope } from '@hub/contracts/proto';

/** Lengths and deltas. */
const OVERHEAD_BYTES = 32;

/** @param partition unless the key decides */
export function toMessage({ key, value, headers }: Envelope, partition?: number): Message {
  const message = { key, value: Buffer.from(value.buffer, value.byteOffset, value.byteLength), headers };
  return partition === undefined ? message : { ...message, partition };
}

/** Whatever others publish: a missing key or value is an empty one, and of a repeated header the last counts. */
export function toEnvelope({ key, value, headers }: KafkaMessage): Envelope {
  const entries = Object.entries(headers ?? {}).map(([name, content]) => [name, toText(content)] as const);
  return { key: key?.toString() ?? '', value: value ?? new Uint8Array(), headers: Object.fromEntries(entries) };
}

function toText(content: IHeaders[string] | null): string {
  return (Array.isArray(content) ? content.at(-1) : content)?.toString() ?? '';
}

/** How large the record is before compression, about. */
export function recordBytes({ key, value, headers }: Envelope): number {
  let size = OVERHEAD_BYTES + key.length + value.byteLength;
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0);
  return size;
}
