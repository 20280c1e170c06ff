/** Counts what is held at once, in all and by name. */
export class Places {
  readonly #byName = new Map<string, number>();
  readonly #max: number;
  readonly #maxByName: number;
  #all = 0;

  constructor(max: number, maxByName: number) {
    this.#max = max;
    this.#maxByName = maxByName;
  }

  /** Why there is none for this name; undefined: there is. */
  full(name: string): 'all' | 'name' | undefined {
    if (this.#all >= this.#max) return 'all';
    return (this.#byName.get(name) ?? 0) >= this.#maxByName ? 'name' : undefined;
  }

  /** Takes one, whether or not it is full; the returned function gives it back, once. */
  take(name: string): () => void {
    this.#all++;
    this.#byName.set(name, (this.#byName.get(name) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#all--;
      const rest = (this.#byName.get(name) ?? 1) - 1;
      if (rest > 0) this.#byName.set(name, rest);
      else this.#byName.delete(name);
    };
  }
}
