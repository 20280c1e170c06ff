import type { EventText } from './view.ts';

/**
 * Encodes events for a transport, each once for all clients that get it in frames of their own. What was made is kept for as
 * long as memory allows.
 */
export function encodeOnce(encode: (event: EventText) => string): (event: EventText) => Buffer {
  const made = new WeakMap<EventText, WeakRef<Buffer>>();
  return (event) => {
    const known = made.get(event)?.deref();
    if (known !== undefined) return known;
    const encoded = Buffer.from(encode(event));
    made.set(event, new WeakRef(encoded));
    return encoded;
  };
}
