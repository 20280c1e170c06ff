/**
 * The hub's one idea of a word, shared by search, live filters and every store, so that all find the same posts: runs
 * of letters, marks and digits after NFKC and lower-casing, without the invisible characters that emoji, hyphenation
 * and joiners leave in them. In scripts without spaces each character is a word, and a longer keyword is matched as
 * a phrase.
 */
const WORD =
  /[[\p{L}\p{N}]&&[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]\p{M}*|[[\p{L}\p{N}]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]][[\p{L}\p{N}\p{M}]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]*/gv;

/** Variation selectors, joiners, soft hyphens and the keycap: seen by nobody. A zero-width space does part words. */
const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}\u20e3]--[\u200b]]/gv;

/** The same for a text of ASCII alone, in lower case: nothing to compose, nothing invisible. */
const ASCII_WORD = /[a-z0-9]+/g;
const BEYOND_ASCII = /[^\p{ASCII}]/v;

/** Longest word that is kept, in UTF-16 units: longer runs are noise, not words. */
const MAX_WORD = 64;

/** The words of a text, in order. */
export function words(text: string): string[] {
  const found = BEYOND_ASCII.test(text) ? anyScript(text).match(WORD) : text.toLowerCase().match(ASCII_WORD);
  return (found ?? []).filter((word) => word.length <= MAX_WORD);
}

function anyScript(text: string): string {
  return text.normalize('NFKC').replace(INVISIBLE, '').toLowerCase().normalize('NFKC');
}

/** Whether `phrase` stands in `text` as consecutive words. An empty phrase never does. */
export function containsPhrase(text: readonly string[], phrase: readonly string[]): boolean {
  const first = phrase[0];
  if (first === undefined) return false;
  for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
    if (phrase.every((word, i) => text[at + i] === word)) return true;
  }
  return false;
}
