import { describe, expect, it } from '@jest/globals';
import { InvalidCursorError } from '@hub/storage';
import { CursorCodec, positionOf, tokenOf } from './cursor-codec.ts';

const TOKEN = { _data: '8263A1F0B4000000012B042C0100296E5A1004' };

describe('CursorCodec', () => {
  const cursors = new CursorCodec('0a1b2c3d');

  it('reads what it wrote, in characters that URLs and headers carry', () => {
    const cursor = cursors.encode(positionOf(TOKEN));
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(tokenOf(cursors.decode(cursor))).toEqual(TOKEN);
  });

  it("refuses nonsense, what was cut or changed, and another store's", () => {
    const cursor = cursors.encode(positionOf(TOKEN));
    const others = ['', '-', '0a1b2c3d-', 'x', cursor.slice(1), cursor.slice(0, -1), `${cursor}A`, ` ${cursor}`];
    const changed = cursor.replace(/.(?=.{10}$)/, (letter) => (letter === 'A' ? 'B' : 'A'));
    for (const other of [...others, changed, new CursorCodec('0a1b2c3e').encode(positionOf(TOKEN))]) {
      expect(() => cursors.decode(other)).toThrow(InvalidCursorError);
    }
  });
});
