import { hash } from 'node:crypto';
import { InvalidCursorError } from '@hub/storage';

const CHECK_LENGTH = 4;

/**
 * Positions as readers see them: of this store alone, so that another's are not taken for ours, and with a check, so
 * that the server is not asked about what is none.
 */
export class CursorCodec {
  /** @param store its own name */
  constructor(private readonly store: string) {}

  encode(position: string): string {
    return `${this.store}-${position}${this.check(position)}`;
  }

  /** Throws InvalidCursorError. */
  decode(cursor: string): string {
    const position = cursor.slice(this.store.length + 1, -CHECK_LENGTH);
    if (this.encode(position) !== cursor) throw new InvalidCursorError();
    return position;
  }

  private check(position: string): string {
    return hash('sha256', this.store + position, 'base64url').slice(0, CHECK_LENGTH);
  }
}

/** A resume token as a position: its bytes, in three quarters of the characters. */
export function positionOf(token: unknown): string {
  const data: unknown = typeof token === 'object' && token !== null && '_data' in token ? token._data : undefined;
  if (typeof data !== 'string') throw new Error('a resume token without data');
  return Buffer.from(data, 'hex').toString('base64url');
}

export function tokenOf(position: string): { _data: string } {
  return { _data: Buffer.from(position, 'base64url').toString('hex').toUpperCase() };
}
