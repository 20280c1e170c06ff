import { isDeadLetterTopic, type Observe } from '@hub/messaging';
import type { Remote } from '@hub/sqlite';
import type { LogApi } from './log-api.ts';

/** How long removed messages stay in the write-ahead log while nothing is appended, at most twice this. */
const TIDY_EVERY_MS = 1_000;
const EXPIRE_EVERY_MS = 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Removes by age and overwrites what was removed, from time to time. Returns how to stop that. */
export function keepHouse(log: Remote<LogApi>, retentionDays: number, observe: Observe): () => void {
  const expire = async (): Promise<void> => {
    const time = Date.now() - retentionDays * DAY_MS;
    for (let expired = await log.expire(time); expired.length > 0; expired = await log.expire(time)) {
      for (const { topic, messages } of expired) {
        // Dead letters are kept for people, for that long: no loss.
        if (!isDeadLetterTopic(topic)) observe({ kind: 'expired', topic, messages });
      }
    }
  };
  const every = (ms: number, action: () => Promise<void>): NodeJS.Timeout => {
    const run = () => void action().catch((error: unknown) => observe({ kind: 'upkeep_failed', error }));
    run();
    return setInterval(run, ms).unref();
  };
  const timers = [every(TIDY_EVERY_MS, () => log.tidy()), every(EXPIRE_EVERY_MS, expire)];
  return () => timers.forEach((timer) => clearInterval(timer));
}
