import { LRUCache } from 'lru-cache';

const MINUTE_MS = 60_000;
/** Names that are remembered; of more the longest silent is forgotten, so that memory is bounded. */
const MAX_NAMES = 100_000;

/**
 * A number of requests a minute for each name, and a minute's worth at once (generic cell rate algorithm: for each name
 * one moment is kept, at which all that it took will be paid back).
 */
export class RateLimit {
  readonly #paidBackAt = new LRUCache<string, number>({ max: MAX_NAMES });

  /** Takes one. Returns 0, or for how many milliseconds there is none: then nothing is taken. */
  spend(name: string, perMinute: number, now = performance.now()): number {
    const wait = this.wait(name, perMinute, now);
    if (wait > 0 || perMinute === Infinity) return wait;
    this.#paidBackAt.set(name, Math.max(this.#paidBackAt.get(name) ?? 0, now) + MINUTE_MS / perMinute);
    return 0;
  }

  /** For how many milliseconds there is none to take. */
  wait(name: string, perMinute: number, now = performance.now()): number {
    if (perMinute === Infinity) return 0;
    const paidBackAt = Math.max(this.#paidBackAt.get(name) ?? 0, now) + MINUTE_MS / perMinute;
    return Math.max(0, paidBackAt - MINUTE_MS - now);
  }
}
