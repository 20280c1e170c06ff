interface Timer {
  due: number;
  act: () => void;
  /** Again after so long. */
  every?: number;
}

/** A clock that stands still until a test moves it: hours pass in seconds, for all who live in it. Milliseconds. */
export class HandClock {
  readonly #timers = new Set<Timer>();
  #now: number;

  constructor(start = Date.parse('2026-11-20T12:00:00Z')) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  async pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = { due: this.#now + ms, act: resolve };
    const stop = () => resolve();
    this.#timers.add(timer);
    signal.addEventListener('abort', stop, { once: true });
    await promise;
    signal.removeEventListener('abort', stop);
    this.#timers.delete(timer);
  }

  every(ms: number, act: () => void): () => void {
    const timer = { due: this.#now + ms, act, every: ms };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Moves on; what becomes due on the way happens in its order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#now = Math.max(this.#now, next.due);
      if (next.every === undefined) this.#timers.delete(next);
      else next.due += next.every;
      next.act();
    }
    this.#now = until;
  }

  #next(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers)
      if (timer.due <= until && (next === undefined || timer.due < next.due)) next = timer;
    return next;
  }
}
