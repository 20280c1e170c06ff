import type { Cursor, Filter } from '@hub/contracts';
import type { Open, Reading, Seen } from './pausable-readers.ts';

/** A reader that comes back whenever its connection is gone, from where it stood. */
export class ReturningReader {
  readonly view = new Map<string, string>();
  readonly cursors: Cursor[] = [];
  /** Which filter held after which position: a connection begins anew where it begins. */
  readonly filters: { after: Cursor; filter: Filter }[] = [];
  readonly begun = Promise.withResolvers<void>();
  readonly done = Promise.withResolvers<void>();
  #at: Cursor;
  #reading: Reading | undefined;
  #isPaused = false;
  #isOver = false;

  constructor(
    readonly open: Open,
    at: Cursor,
    public wanted: Filter,
    /** A gap of it is the last event. */
    readonly source: string,
  ) {
    this.#at = at;
    this.#connect();
  }

  change(filter: Filter): void {
    this.wanted = filter;
    if (this.#reading?.change === undefined) this.drop();
    else this.#reading.change(filter);
  }

  pause(): void {
    this.#isPaused = true;
    this.#reading?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#reading?.resume();
  }

  drop(): void {
    this.#reading?.close();
  }

  close(): void {
    this.#isOver = true;
    this.done.resolve();
    this.drop();
  }

  #connect(): void {
    if (this.#isOver) return;
    const filter = this.wanted;
    const reading = this.open(this.#at, filter, {
      take: (seen, cursor) => reading === this.#reading && this.#take(seen, cursor),
      changed: (after, filter) => {
        if (reading !== this.#reading) return;
        this.filters.push({ after, filter });
        this.begun.resolve();
        if (filter !== this.wanted) reading.change?.(this.wanted);
      },
      ended: () => {
        if (reading !== this.#reading) return;
        this.#reading = undefined;
        setTimeout(() => this.#connect(), 5);
      },
    });
    this.#reading = reading;
    if (this.#isPaused) reading.pause();
  }

  #take(seen: readonly Seen[], cursor: Cursor): void {
    for (const { cursor, id, text } of seen) {
      this.cursors.push(cursor);
      if (text === undefined) this.view.delete(id);
      else this.view.set(id, text);
      if (id === this.source) this.close();
    }
    this.#at = cursor;
  }
}
