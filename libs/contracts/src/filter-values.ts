import { canonicalLanguage, foldAccount, foldHashtag, foldHost } from './names.ts';
import type { Post } from './post.ts';

/** Fields of a filter whose values are equal to one that a post has: cheap and telling ones first. */
export const VALUE_FIELDS = ['language', 'hashtag', 'instance', 'account', 'mention'] as const;
export type ValueField = (typeof VALUE_FIELDS)[number];

/** A filter's value in the form in which POST_VALUES finds it in a post. */
export const FOLD_VALUE: Record<ValueField, (value: string) => string> = {
  account: foldAccount,
  mention: foldAccount,
  hashtag: foldHashtag,
  instance: foldHost,
  language: (tag) => (canonicalLanguage(tag) ?? tag).toLowerCase(),
};

/** What of a post a filter's value may be equal to. */
export const POST_VALUES: Record<ValueField, (post: Post) => readonly string[]> = {
  account: ({ account }) => [foldAccount(account.acct)],
  mention: ({ mentions, hub }) => mentions.flatMap((mention) => mentionNames(mention, hub.source)),
  hashtag: ({ hub }) => hub.hashtags,
  instance: ({ hub }) => [hub.instance],
  language: ({ language }) => (language === null ? [] : languageRange(language)),
};

/** Names by which a mention may be asked for: its account at the host of its URL or at the post's source, and its URL. */
export function mentionNames(mention: { acct: string; url: string }, source: string): string[] {
  const url = mention.url.toLowerCase();
  if (mention.acct.includes('@')) return [foldAccount(mention.acct), url];
  const hosts = new Set([URL.canParse(mention.url) ? new URL(mention.url).host : source, source]);
  return [...[...hosts].map((host) => foldAccount(`${mention.acct}@${host}`)), url];
}

/** A language and the ranges that it falls in, in lower case: zh-Hant-TW → zh-hant-tw, zh-hant, zh. */
export function languageRange(language: string): string[] {
  const parts = language.toLowerCase().split('-');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('-'));
}
