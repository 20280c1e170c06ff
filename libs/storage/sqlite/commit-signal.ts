/** Wakes those who wait for a commit. */
export class CommitSignal {
  private count = 0;
  private waiting = new Set<() => void>();

  /** Grows with every commit: what is read after this was asked holds all commits up to it. */
  get commits(): number {
    return this.count;
  }

  announce(): void {
    this.count++;
    const waiting = this.waiting;
    this.waiting = new Set();
    for (const wake of waiting) wake();
  }

  /** Resolves at the first commit after `seen`, or when `signal` is aborted. */
  after(seen: number, signal: AbortSignal): Promise<void> {
    if (this.count !== seen || signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => {
      this.waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    this.waiting.add(wake);
    signal.addEventListener('abort', wake);
    return promise;
  }
}
