import type { Filter } from '@hub/contracts';
import type { HubClientError } from './hub-client.error.ts';

/** A filter that may be changed, one change after the other; a change that is refused is undone. */
export class FilterChange {
  #wanted: Filter;
  #changes: Promise<void> = Promise.resolve();
  #running: { former: Filter; resolve: () => void; reject: (error: HubClientError) => void } | undefined;

  constructor(filter: Filter) {
    this.#wanted = filter;
  }

  get wanted(): Filter {
    return this.#wanted;
  }

  /** Calls `begin` when the changes before are settled. Settles as `accepted` or `refused` is called then. */
  change(filter: Filter, begin: () => void): Promise<void> {
    const change = this.#changes.then(
      () =>
        new Promise<void>((resolve, reject) => {
          this.#running = { former: this.#wanted, resolve, reject };
          this.#wanted = filter;
          begin();
        }),
    );
    this.#changes = change.catch(() => undefined);
    return change;
  }

  accepted(): void {
    this.#running?.resolve();
    this.#running = undefined;
  }

  /** Returns whether there was a change to undo. */
  refused(error: HubClientError): boolean {
    const running = this.#running;
    if (running === undefined) return false;
    this.#running = undefined;
    this.#wanted = running.former;
    running.reject(error);
    return true;
  }
}
