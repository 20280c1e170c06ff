import { HubError } from '@hub/contracts';
import type { Envelope } from '@hub/contracts/proto';
import { DEAD_LETTER_HEADERS, type Publisher } from '@hub/messaging';
import { MAX_ATTRIBUTE_BYTES, MAX_ATTRIBUTES, RESERVED_PREFIX } from './messages.ts';

/** Bytes that are kept of the value of a dead letter that is too large for Pub/Sub with what is added to it. */
const CUT_BYTES = 64 * 1024;

/** Resolves when the letters are durable: whatever a message is like, it must not stop the flow. */
export async function bury(letters: readonly Envelope[], dead: Pick<Publisher, 'publish'>): Promise<void> {
  const fitting = letters.map((letter) => ({ ...letter, headers: fittingHeaders(letter.headers) }));
  try {
    await dead.publish(fitting);
  } catch (error) {
    if (!(error instanceof HubError && error.code === 'payload_too_large')) throw error;
    await dead.publish(
      fitting.map(({ key, value, headers }) => ({ key, value: value.subarray(0, CUT_BYTES), headers })),
    );
  }
}

/** Why it failed comes first, then as much of what it had as Pub/Sub takes. */
function fittingHeaders(headers: Envelope['headers']): Envelope['headers'] {
  const ours: ReadonlySet<string> = new Set(Object.values(DEAD_LETTER_HEADERS));
  const entries = Object.entries(headers).filter(([name]) => !name.startsWith(RESERVED_PREFIX));
  const sorted = [...entries.filter(([name]) => ours.has(name)), ...entries.filter(([name]) => !ours.has(name))];
  return Object.fromEntries(sorted.slice(0, MAX_ATTRIBUTES).map(([name, text]) => [name, cut(text)]));
}

/** Whole characters that have so many bytes at most. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= MAX_ATTRIBUTE_BYTES) return text;
  return new TextDecoder().decode(bytes.subarray(0, MAX_ATTRIBUTE_BYTES), { stream: true });
}
