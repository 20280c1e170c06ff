import type { Batch, KafkaMessage } from 'kafkajs';
import type { BatchLimits, Delivery } from '@hub/messaging';
import { toEnvelope } from './records.ts';
import { arrivedMs, type PartitionClock } from './sequence.ts';

/** Some of a partition's messages, as the handler gets them, with their offsets. */
export interface Chunk {
  deliveries: readonly Delivery[];
  offsets: readonly string[];
}

/** Cuts what was fetched to what the handler takes at once. Made as they are asked for. */
export function* chunksOf(
  { topic, partition, messages }: Pick<Batch, 'topic' | 'partition' | 'messages'>,
  { maxMessages, maxBytes }: BatchLimits,
  clock: PartitionClock,
): Generator<Chunk> {
  for (let start = 0; start < messages.length;) {
    let bytes = 0;
    const rest = messages.slice(start, start + maxMessages);
    const over = rest.findIndex(({ value }) => (bytes += value?.byteLength ?? 0) > maxBytes);
    const chunk = over === -1 ? rest : rest.slice(0, Math.max(1, over));
    start += chunk.length;
    yield {
      offsets: chunk.map(({ offset }) => offset),
      deliveries: chunk.map((message) => delivery(message, `${topic}/${partition}@${message.offset}`, clock)),
    };
  }
}

function delivery(message: KafkaMessage, origin: string, clock: PartitionClock): Delivery {
  const { key, value, headers } = toEnvelope(message);
  const [sequence, publishedAt] = [clock.next(message), new Date(arrivedMs(message))];
  return { key, value, headers, origin, sequence, publishedAt, attempt: 1 };
}
