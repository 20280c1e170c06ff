import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { emojiIn } from './emoji.ts';

/** Every emoji of one code point, by itself and as a picture, and every keycap. */
function* lonelyEmoji(): Generator<string> {
  const emoji = /^\p{RGI_Emoji}$/v;
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    for (const text of [character, `${character}\ufe0f`, `${character}\ufe0f\u20e3`]) if (emoji.test(text)) yield text;
  }
}

describe('emojiIn', () => {
  it('finds each emoji that there is, alone in a text', () => {
    const all = [...lonelyEmoji()];
    expect(all.length).toBeGreaterThan(1_300);
    expect(all.filter((emoji) => emojiIn(`a ${emoji} b`, []).join() !== emoji)).toEqual([]);
  });

  it('finds what the one expression for all emoji finds', () => {
    const piece = fc.constantFrom(
      '1',
      '#',
      '\ufe0f',
      '\u20e3',
      '\u200d',
      '👩',
      '🏽',
      '❤',
      '🇫',
      '🇷',
      '🔥',
      'é',
      '日',
      '\udb40\udc67',
      '\ud83d',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const all = [...text.matchAll(/\p{RGI_Emoji}/gv)].map(([emoji]) => emoji);
        expect(emojiIn(text, [])).toEqual([...new Set(all)]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes a sequence for one, and nothing in letters of any script', () => {
    expect(emojiIn('👩‍👩‍👧‍👦 and 🇫🇷, 👍🏽 👍🏽', [])).toEqual(['👩‍👩‍👧‍👦', '🇫🇷', '👍🏽']);
    expect(emojiIn('日本語、テスト。Ünïcode — “quotes” … 12 # *', [])).toEqual([]);
  });
});
