import { InvalidCursorError } from '@hub/storage';

/** Positions as readers see them: of this store alone, so that another's are not taken for ours. */
export class CursorCodec {
  /** @param store its own name */
  constructor(private readonly store: string) {}

  encode(position: string): string {
    return `${this.store}-${position}`;
  }

  /** Throws InvalidCursorError. */
  decode(cursor: string): string {
    const prefix = `${this.store}-`;
    const position = cursor.slice(prefix.length);
    if (!cursor.startsWith(prefix) || !/^[\w-]{1,8192}$/.test(position)) throw new InvalidCursorError();
    return position;
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
