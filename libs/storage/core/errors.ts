import { HubError, type Cursor } from '@hub/contracts';

/** The store cannot be reached or does not answer now. */
export class StoreUnavailableError extends HubError {
  constructor(message: string, options?: ErrorOptions) {
    super('store_unavailable', message, options);
  }
}

/** Changes after the cursor are gone. `oldest` still works. */
export class CursorTooOldError extends HubError {
  readonly oldest: Cursor;

  constructor(oldest: Cursor) {
    super('cursor_too_old', 'The changes after this cursor are no longer kept: start anew, or from the oldest cursor.');
    this.oldest = oldest;
  }
}

/** Not a cursor of this store. */
export class InvalidCursorError extends HubError {
  constructor() {
    super('invalid_cursor', 'This is not a cursor of this hub: start without one.');
  }
}
