import { foldAccount, foldHashtag, languageRange, mentionNames, type Filter, type Post } from '@hub/contracts';
import type { Reference } from '@hub/storage';

/** What terms say of a post; each kind has its prefix in the table. */
export type TermField = 'account' | 'mention' | 'hashtag' | 'instance' | 'language';

const TERM: Record<TermField, (value: string) => string> = {
  account: (value) => `a:${foldAccount(value)}`,
  mention: (value) => `m:${foldAccount(value)}`,
  hashtag: (value) => `t:${foldHashtag(value)}`,
  instance: (value) => `i:${value.toLowerCase()}`,
  language: (value) => `l:${value.toLowerCase()}`,
};

/** The terms of which a filter wants at least one; undefined: any post will do. */
export function wantedTerms(filter: Filter, field: TermField): string[] | undefined {
  const values = filter[field];
  return values === undefined ? undefined : [...new Set(values.map(TERM[field]))];
}

export function referenceTerm(kind: Reference['kind'], uri: string): string {
  return `${kind}:${uri}`;
}

/** All terms by which a post is found, each once: what the filter of @hub/contracts compares. */
export function termsOf(post: Post, references: readonly Reference[]): string[] {
  const { hub, language } = post;
  return [
    ...new Set([
      TERM.account(post.account.acct),
      `i:${hub.instance}`,
      ...(language === null ? [] : languageRange(language).map((range) => `l:${range}`)),
      ...hub.hashtags.map((tag) => `t:${tag}`),
      ...post.mentions.flatMap((mention) => mentionNames(mention, hub.source).map((name) => `m:${name}`)),
      ...references.map(({ kind, uri }) => referenceTerm(kind, uri)),
    ]),
  ];
}
