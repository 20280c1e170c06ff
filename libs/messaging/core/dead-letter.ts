import type { Envelope } from '@hub/contracts/proto';
import { DEAD_LETTER_HEADERS, type DeadLetter, type Rejection } from './messaging.ts';

const SUFFIX = '.dlq';

/** UTF-16 units of a detail that are kept: headers are no place for long texts, and brokers bound them. */
const MAX_DETAIL = 500;

export function deadLetterTopic(topic: string): string {
  return topic + SUFFIX;
}

export function isDeadLetterTopic(topic: string): boolean {
  return topic.endsWith(SUFFIX);
}

/** The message as it goes to the dead-letter topic: what it was, with why it failed in further headers. */
export function toDeadLetter({ delivery, reason, detail }: Rejection, failedAt: Date): Envelope {
  const { key, value, headers, origin } = delivery;
  return {
    key,
    value,
    headers: {
      ...headers,
      [DEAD_LETTER_HEADERS.reason]: reason,
      [DEAD_LETTER_HEADERS.detail]: detail.slice(0, MAX_DETAIL).toWellFormed(),
      [DEAD_LETTER_HEADERS.origin]: origin,
      [DEAD_LETTER_HEADERS.failedAt]: failedAt.toISOString(),
    },
  };
}

/** Reads what `toDeadLetter` wrote; the headers are those that the message had. */
export function readDeadLetter(id: string, { key, value, headers: all }: Envelope): DeadLetter {
  const {
    [DEAD_LETTER_HEADERS.reason]: reason = 'unknown',
    [DEAD_LETTER_HEADERS.detail]: detail = '',
    [DEAD_LETTER_HEADERS.origin]: origin = '',
    [DEAD_LETTER_HEADERS.failedAt]: failedAt = '',
    ...headers
  } = all;
  return { id, key, value, headers, reason, detail, origin, failedAt: new Date(failedAt) };
}
