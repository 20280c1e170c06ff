import type { Cursor } from '@hub/contracts';

/** Keeps a reader's position over restarts of its program. */
export interface CursorStore {
  load(): Cursor | undefined | Promise<Cursor | undefined>;
  /** At most once in a second, never twice at once. */
  save(cursor: Cursor): void | Promise<void>;
}

/** In a Storage of the browser, such as `localStorage`, under `key`. */
export function webCursorStore(
  storage: { getItem(key: string): string | null; setItem(key: string, value: string): void },
  key = 'hub-cursor',
): CursorStore {
  return {
    load: () => storage.getItem(key) ?? undefined,
    save: (cursor) => storage.setItem(key, cursor),
  };
}

const INTERVAL_MS = 1000;

/** Saves the newest position now and then. */
export class CursorKeeper {
  readonly #store: CursorStore;
  readonly #failed: (error: unknown) => void;
  #newest: Cursor | undefined;
  #saved: Cursor | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving: Promise<void> = Promise.resolve();

  /** `failed` is called with what the store throws. */
  constructor(store: CursorStore, failed: (error: unknown) => void) {
    this.#store = store;
    this.#failed = failed;
  }

  async load(): Promise<Cursor | undefined> {
    return (this.#saved = await this.#store.load());
  }

  note(cursor: Cursor | undefined): void {
    this.#newest = cursor;
    this.#timer ??= setTimeout(() => void this.flush(), INTERVAL_MS);
  }

  /** Resolves when the newest position is saved. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#saving = this.#saving.then(() => this.#save()).catch(this.#failed);
    return this.#saving;
  }

  async #save(): Promise<void> {
    const cursor = this.#newest;
    if (cursor === undefined || cursor === this.#saved) return;
    await this.#store.save(cursor);
    this.#saved = cursor;
  }
}
