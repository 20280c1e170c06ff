/**
 * The hub's one idea of a word, shared by search, live filters and every store, so that all find the same posts:
 * runs of letters, marks and digits after NFKC and lower-casing; in scripts without spaces each character is a word,
 * and a longer keyword is matched as a phrase.
 */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[[\p{L}\p{N}\p{M}]--[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]]+/gv;

/** Longest word that is kept, in UTF-16 units: longer runs are noise, not words. */
const MAX_WORD = 64;

/** The words of a text, in order. */
export function words(text: string): string[] {
  const found = text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
  return found.filter((word) => word.length <= MAX_WORD);
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

/**
 * A hashtag in the form in which it is compared: no '#', NFKC, lower case, as Mastodon normalises tags
 * (https://github.com/mastodon/mastodon: HashtagNormalizer), but diacritics kept.
 */
export function foldHashtag(name: string): string {
  return name.normalize('NFKC').replace(/^#/, '').toLowerCase();
}
