import { InvalidCursorError } from '@hub/storage';

/** Positions as readers see them: of this store alone, so that another's are not taken for ours. */
export class CursorCodec {
  private readonly store: string;

  constructor(store: string) {
    this.store = store;
  }

  encode(position: number): string {
    return `${this.store}-${position.toString(36)}`;
  }

  /** Throws InvalidCursorError. */
  decode(cursor: string): number {
    const prefix = `${this.store}-`;
    const position = Number.parseInt(cursor.slice(prefix.length), 36);
    // Only the one way in which a position is written.
    if (!Number.isSafeInteger(position) || position < 0 || this.encode(position) !== cursor) {
      throw new InvalidCursorError();
    }
    return position;
  }
}
