/*
 * One canonical form for each kind of name, so that what the processor writes and what a filter asks for are equal
 * strings.
 */

/**
 * A hashtag in the form in which it is compared: no '#', NFKC, lower case, as Mastodon normalises tags
 * (https://github.com/mastodon/mastodon: HashtagNormalizer), but diacritics kept.
 */
export function foldHashtag(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFKC').replace(/^#+/, '');
}

/** Answers by tag; there are not many that occur, and of those that do not there may be any number. */
const languages = new Map<string, string | null>();
const MAX_LANGUAGES = 1000;
const MAX_TAG = 100;

/** A language tag (BCP 47) in canonical form: pt_br → pt-BR, iw → he. Null if it is none. */
export function canonicalLanguage(tag: string): string | null {
  if (tag === '' || tag.length > MAX_TAG) return null;
  const known = languages.get(tag);
  if (known !== undefined) return known;
  const found = readLanguage(tag.trim().replaceAll('_', '-'));
  if (languages.size >= MAX_LANGUAGES) languages.clear();
  languages.set(tag, found);
  return found;
}

function readLanguage(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A host that is in its folded form already, as nearly all are: no address in numbers, nothing in punycode. */
const FOLDED_HOST = /^(?!.*xn--)(?:[a-z0-9-]+\.)+[a-z]{2,}$/;

/** A host as URLs carry it: lower case, international names in punycode, no default port. */
export function foldHost(host: string): string {
  if (FOLDED_HOST.test(host)) return host;
  const url = `https://${host.trim()}`;
  return URL.canParse(url) ? new URL(url).host : host.trim().toLowerCase();
}

const ACCOUNT = /^([^@/\s]+)@([^@/\s]+)$/;

function bareName(name: string): string {
  return name.replace(/^[\s@]+|\s+$/g, '');
}

/** Whether this is an account's name with its host, as every account has it in a post. */
export function isAccount(name: string): boolean {
  return ACCOUNT.test(bareName(name));
}

/** An account's name as user@host in lower case, from '@user@host' or 'user@host'; what is no such name in lower case. */
export function foldAccount(name: string): string {
  const bare = bareName(name);
  const [, user, host] = ACCOUNT.exec(bare) ?? [];
  return user === undefined || host === undefined ? bare.toLowerCase() : `${user.toLowerCase()}@${foldHost(host)}`;
}
