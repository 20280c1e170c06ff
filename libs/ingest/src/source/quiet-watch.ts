import { SYSTEM_CLOCK } from '../clock.ts';

const QUIET_MS = 30_000;
/** How long a post that stands in the timeline may take to come over the stream. */
const GRACE_MS = 10_000;
const MAX_SEEN = 200;

/**
 * Tells a stream on which nothing happens from one that has died while its connection lives: asks the timeline now
 * and then, and a new post that does not come over the stream either is the proof.
 */
export class QuietWatch {
  readonly #newestId: () => Promise<string | undefined>;
  readonly #now: () => number;
  readonly #quietMs: number;
  readonly #graceMs: number;
  readonly #seen = new Set<string>();
  #nextCheck: number;
  #provenAt: number;
  /** A first look is needed: what stands in the timeline then is older than the stream. */
  #looked = false;
  #suspect: string | undefined;

  /** `newestId`: of the newest post in the stream's timeline. */
  constructor(
    newestId: () => Promise<string | undefined>,
    { now } = SYSTEM_CLOCK,
    quietMs = QUIET_MS,
    graceMs = GRACE_MS,
  ) {
    this.#now = now;
    this.#newestId = newestId;
    this.#quietMs = quietMs;
    this.#graceMs = graceMs;
    this.#nextCheck = now() + quietMs;
    this.#provenAt = now();
  }

  /** Up to then the stream was alive for certain: a post came, or there was none. Milliseconds since 1970. */
  get provenAt(): number {
    return this.#provenAt;
  }

  /** A post came over the stream. */
  saw(id: string): void {
    this.#seen.add(id);
    const [oldest] = this.#seen;
    if (this.#seen.size > MAX_SEEN && oldest !== undefined) this.#seen.delete(oldest);
    this.#suspect = undefined;
    this.#provenAt = this.#now();
    this.#nextCheck = this.#provenAt + this.#quietMs;
  }

  /** To be called every few seconds. True: the stream is dead. Rejects as `newestId` does. */
  async isDead(): Promise<boolean> {
    if (this.#now() < this.#nextCheck) return false;
    const askedAt = this.#now();
    this.#nextCheck = askedAt + this.#quietMs;
    const newest = await this.#newestId();
    if (newest === undefined || this.#seen.has(newest)) {
      this.#provenAt = Math.max(this.#provenAt, askedAt);
      return false;
    }
    // A busy timeline has a newer one at each look; what matters is that none came over the stream since.
    if (this.#suspect !== undefined) return true;
    if (this.#looked) {
      this.#suspect = newest;
      this.#nextCheck = this.#now() + this.#graceMs;
    } else this.#seen.add(newest);
    this.#looked = true;
    return false;
  }
}
