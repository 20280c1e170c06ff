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

/** A language tag (BCP 47) in canonical form: pt_br → pt-BR, iw → he. Null if it is none. */
export function canonicalLanguage(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0] ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A host as URLs carry it: lower case, international names in punycode, no default port. */
export function foldHost(host: string): string {
  const url = `https://${host.trim()}`;
  return URL.canParse(url) ? new URL(url).host : host.trim().toLowerCase();
}

/** An account's name as user@host in lower case, from '@user@host' or 'user@host'; what is no such name in lower case. */
export function foldAccount(name: string): string {
  const [, user, host] = /^@?([^@/\s]+)@([^@/\s]+)$/.exec(name.trim()) ?? [];
  if (user === undefined || host === undefined) return name.trim().replace(/^@/, '').toLowerCase();
  return `${user.toLowerCase()}@${foldHost(host)}`;
}
