import type { Envelope } from '@hub/contracts/proto';

/** A message as the hub's are, of the given key. */
export function message(key: string, value: string | Uint8Array = `value of ${key}`): Envelope {
  return { key, value: Buffer.from(value), headers: { ce_id: `id of ${key}`, 'content-type': 'text/plain' } };
}

/** Messages with the keys `<prefix>0`, `<prefix>1` and so on. */
export function messages(count: number, prefix = 'k'): Envelope[] {
  return Array.from({ length: count }, (_, i) => message(`${prefix}${i}`));
}
