import { z } from 'zod';
import { canonicalLanguage, foldAccount, foldHashtag, foldHost } from './names.ts';
import { MEDIA_KINDS, type Post } from './post.ts';
import { containsPhrase, words } from './text.ts';

const MAX_VALUES = 100;
const value = z.string().trim().min(1).max(200);
const oneOrMore = z
  .preprocess((v) => (typeof v === 'string' ? [v] : v), z.array(value).min(1).max(MAX_VALUES))
  .optional();
/** Query parameters are strings. */
const readFlag = (v: unknown): unknown => (v === 'true' ? true : v === 'false' ? false : v);
const flag = z.preprocess(readFlag, z.boolean()).optional();
const readMedia = (v: unknown): unknown => {
  const read = readFlag(v);
  return typeof read === 'string' ? [read] : read;
};
const media = z.preprocess(readMedia, z.union([z.boolean(), z.array(z.enum(MEDIA_KINDS)).min(1)])).optional();

/**
 * Which posts a reader wants. All given fields must hold; within a list one value is enough. Gaps and deletions
 * pass every filter. Field names are also those of the query parameters of REST and SSE.
 */
export const filterSchema = z.strictObject({
  /** BCP 47; `pt` also finds `pt-BR`. */
  language: oneOrMore,
  /** With or without '#'; case does not count. */
  hashtag: oneOrMore,
  /** Host of the author's server. */
  instance: oneOrMore,
  /** user@host, with or without a leading '@'. */
  account: oneOrMore,
  /** user@host or a profile URL, among those mentioned. */
  mention: oneOrMore,
  /**
   * Whole words in the text or the content warning; more than one word is a phrase. Live it sees every post; a search
   * of stored posts only those whose author allows search.
   */
  keyword: oneOrMore,
  /** Has media (true), has none (false), or has one of these kinds. */
  media,
  reply: flag,
  sensitive: flag,
  bot: flag,
});

export type Filter = z.infer<typeof filterSchema>;

type Test = (post: Post) => boolean;

function any(values: string[] | undefined, fold: (v: string) => string, test: (wanted: Set<string>) => Test): Test[] {
  return values === undefined ? [] : [test(new Set(values.map(fold)))];
}

/** Words of what a reader sees as text, the content warning and the content; captions and polls are left out. */
export function postWords(post: Pick<Post, 'spoiler_text' | 'hub'>): string[] {
  return words(`${post.spoiler_text}\n${post.hub.text}`);
}

/** A post is asked by many filters: its words are looked for once. */
const wordsOf = new WeakMap<Post, string[]>();

/** The words of a post, as postWords; remembered for the next who asks. */
export function knownWords(post: Post): string[] {
  const known = wordsOf.get(post) ?? postWords(post);
  wordsOf.set(post, known);
  return known;
}

/** Names by which a mention may be asked for: its account at the host of its URL or at the post's source, and its URL. */
export function mentionNames(mention: { acct: string; url: string }, source: string): string[] {
  const url = mention.url.toLowerCase();
  if (mention.acct.includes('@')) return [foldAccount(mention.acct), url];
  const hosts = new Set([URL.canParse(mention.url) ? new URL(mention.url).host : source, source]);
  return [...[...hosts].map((host) => foldAccount(`${mention.acct}@${host}`)), url];
}

function keywordTest(keywords: string[]): Test {
  const phrases = keywords.map(words);
  return (post) => {
    const text = knownWords(post);
    return phrases.some((phrase) => containsPhrase(text, phrase));
  };
}

function mediaTest(wanted: NonNullable<Filter['media']>): Test {
  if (typeof wanted === 'boolean') return (post) => post.hub.media.length > 0 === wanted;
  const kinds = new Set(wanted);
  return (post) => post.hub.media.some((kind) => kinds.has(kind));
}

/** Prepares a filter to be asked of many posts. */
export function compileFilter(filter: Filter): Test {
  const { media: wantedMedia, reply, sensitive, bot, keyword } = filter;
  const tests: Test[] = [
    ...any(
      filter.language,
      (v) => (canonicalLanguage(v) ?? v).toLowerCase(),
      (set) => (p) => p.language !== null && languageRange(p.language).some((l) => set.has(l)),
    ),
    ...any(filter.hashtag, foldHashtag, (set) => (p) => p.hub.hashtags.some((tag) => set.has(tag))),
    ...any(filter.instance, foldHost, (set) => (p) => set.has(p.hub.instance)),
    ...any(filter.account, foldAccount, (set) => (p) => set.has(foldAccount(p.account.acct))),
    ...any(
      filter.mention,
      foldAccount,
      (set) => (p) => p.mentions.some((m) => mentionNames(m, p.hub.source).some((name) => set.has(name))),
    ),
  ];
  if (keyword !== undefined) tests.push(keywordTest(keyword));
  if (wantedMedia !== undefined) tests.push(mediaTest(wantedMedia));
  if (reply !== undefined) tests.push((p) => (p.in_reply_to_id !== null) === reply);
  if (sensitive !== undefined) tests.push((p) => p.sensitive === sensitive);
  if (bot !== undefined) tests.push((p) => p.account.bot === bot);
  return (post) => tests.every((test) => test(post));
}

/** A language and the ranges that it falls in, in lower case: zh-Hant-TW → zh-hant-tw, zh-hant, zh. */
export function languageRange(language: string): string[] {
  const parts = language.toLowerCase().split('-');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('-'));
}
