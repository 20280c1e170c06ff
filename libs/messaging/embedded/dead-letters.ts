import { deadLetterTopic, readDeadLetter, type DeadLetter, type DeadLetters } from '@hub/messaging';
import type { Remote } from '@hub/sqlite';
import type { LogApi } from './log-api.ts';
import { decodeSegment } from './segment.ts';

/** Bytes read at once. */
const FETCH_BYTES = 4 * 1024 * 1024;

/** The dead letters of a topic in the log; their ids are their offsets. */
export function embeddedDeadLetters(log: Remote<LogApi>, of: string, path: string): DeadLetters {
  const topic = deadLetterTopic(of);
  return {
    async list({ after, limit }) {
      const letters: DeadLetter[] = [];
      let next = after === undefined ? 0 : Number(after) + 1;
      while (letters.length < limit) {
        const segments = await log.fetch(topic, next, limit - letters.length, FETCH_BYTES);
        if (segments.length === 0) break;
        for (const { first, count, body } of segments) {
          const read = decodeSegment(body, path).map((envelope, i) => readDeadLetter(String(first + i), envelope));
          letters.push(...read.slice(Math.max(0, next - first)));
          next = first + count;
        }
      }
      return letters.slice(0, limit);
    },
    count: () => log.count(topic),
  };
}
