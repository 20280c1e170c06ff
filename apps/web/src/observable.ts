import { useSyncExternalStore } from 'react';

/** A value that components can follow. */
export class Observable<T> {
  #value: T;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  readonly get = (): T => this.#value;

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  /** Returns the way to stop. */
  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

/** The present value, or what is chosen of it; renders again when that changes. */
export function useObservable<T, U = T>(
  observable: Observable<T>,
  choose: (value: T) => U = (value) => value as never,
): U {
  const snapshot = () => choose(observable.get());
  return useSyncExternalStore(observable.listen, snapshot, snapshot);
}
