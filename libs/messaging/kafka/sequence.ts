import type { KafkaMessage } from 'kafkajs';

/**
 * Gives the sequences of one partition's deliveries, on the scale of ingest sequences (microseconds since 1970): when
 * the broker took the record batch, plus the message's place in it, and more than the one before. The place keeps them
 * the same if a batch is read again from its middle.
 */
export class PartitionClock {
  private last = 0;

  next(message: KafkaMessage): number {
    this.last = Math.max(this.last + 1, arrivedMs(message) * 1000 + placeInBatch(message));
    return this.last;
  }
}

/** Milliseconds since 1970. A publisher's clock may say anything, where the topic believes it. */
export function arrivedMs({ timestamp }: KafkaMessage): number {
  return Math.min(Math.max(Number(timestamp), 0), Date.now());
}

/** kafkajs hands out the record batch that a message came in, but has no type for it. */
function placeInBatch(message: KafkaMessage & { batchContext?: { firstOffset?: string } }): number {
  const first = message.batchContext?.firstOffset;
  return first === undefined ? 0 : Number(BigInt(message.offset) - BigInt(first));
}
