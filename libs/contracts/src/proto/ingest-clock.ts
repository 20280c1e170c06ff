/** Gives ingest sequences: microseconds since 1970, moved on by one where the clock has not (or went back). */
export class IngestClock {
  #last: number;

  /** `after`: the last sequence that an earlier run gave, if it is known. */
  constructor(after = 0) {
    this.#last = after;
  }

  next(): number {
    this.#last = Math.max(this.#last + 1, Date.now() * 1000);
    return this.#last;
  }
}
