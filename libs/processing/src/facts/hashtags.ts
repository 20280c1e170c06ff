import { foldHashtag } from '@hub/contracts';

/** A hashtag where Mastodon sees one: not within a word, a path or a query, and not of digits alone. */
const HASHTAG = /(?<![\p{L}\p{N}\p{M}_/=&)])[#＃]([\p{L}\p{N}\p{M}_·・\u200c]+)/gu;
const DIGITS = /^\p{N}+$/u;

/** Hashtags of a post, canonical, each once: those that its server names, then those that only its text has. */
export function hashtags(tags: readonly { name: string }[], text: string): string[] {
  const found = new Set(tags.map(({ name }) => foldHashtag(name)));
  for (const [, name = ''] of text.matchAll(HASHTAG)) {
    if (!DIGITS.test(name)) found.add(foldHashtag(name));
  }
  found.delete('');
  return [...found];
}
