import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import type { Envelope } from '@hub/contracts/proto';

/** In a record: lengths and deltas; in a request much less. */
const OVERHEAD_BYTES = 32;

export function toMessage({ key, value, headers }: Envelope): Message {
  return { key, value: Buffer.from(value.buffer, value.byteOffset, value.byteLength), headers };
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
  const texts = Object.entries(headers).flat();
  return texts.reduce(
    (sum, text) => sum + Buffer.byteLength(text) + 2,
    key.length * 3 + value.byteLength + OVERHEAD_BYTES,
  );
}
