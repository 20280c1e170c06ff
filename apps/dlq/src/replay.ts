import { createHash } from 'node:crypto';
import type { Envelope } from '@hub/contracts/proto';
import type { DeadLetter, Publisher } from '@hub/messaging';

/** Letters that are published together. */
const BATCH = 100;

/**
 * Publishes what the letters were, each message once, even if it has died several times. Yields the ids of those that
 * the broker has. At least once: if it ends early, those not yielded may have been published too.
 */
export async function* replay(
  letters: AsyncIterable<DeadLetter> | Iterable<DeadLetter>,
  publisher: Publisher,
): AsyncGenerator<string> {
  const seen = new Set<string>();
  let batch: DeadLetter[] = [];
  const send = async () => {
    await publisher.publish(batch.map(({ key, value, headers }) => ({ key, value, headers })));
    const ids = batch.map(({ id }) => id);
    batch = [];
    return ids;
  };
  for await (const letter of letters) {
    const fingerprint = hash(letter);
    if (seen.has(fingerprint)) continue;
    seen.add(fingerprint);
    batch.push(letter);
    if (batch.length === BATCH) yield* await send();
  }
  if (batch.length > 0) yield* await send();
}

function hash({ key, value, headers }: Envelope): string {
  const sorted = Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([key, sorted]))
    .update(value)
    .digest('base64');
}
