/** Hands values from whoever pushes to whoever pulls, in order, and tells how many wait. */
export class EventQueue<T> {
  #values: T[] = [];
  #head = 0;
  #waiting: (() => void) | undefined;
  #end: { error?: unknown } | undefined;

  get size(): number {
    return this.#values.length - this.#head;
  }

  /** Nothing more comes in. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  push(...values: T[]): void {
    if (this.#end !== undefined) return;
    for (const value of values) this.#values.push(value);
    this.#waiting?.();
  }

  /** No more comes; what waits is still handed out. With an error the pull after the last value rejects. */
  end(failure: { error?: unknown } = {}): void {
    this.#end ??= failure;
    this.#waiting?.();
  }

  /** Also forgets what waits. */
  drop(): void {
    this.#values = [];
    this.#head = 0;
    this.end();
  }

  /** The next value; undefined at the end. One pull at a time. */
  async pull(): Promise<T | undefined> {
    while (this.size === 0) {
      if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error;
        return undefined;
      }
      await new Promise<void>((resolve) => (this.#waiting = resolve));
      this.#waiting = undefined;
    }
    const value = this.#values[this.#head++];
    if (this.#head > 1000 || this.size === 0) {
      this.#values = this.#values.slice(this.#head);
      this.#head = 0;
    }
    return value;
  }
}
