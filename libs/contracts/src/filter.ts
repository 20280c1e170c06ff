import { z } from 'zod';
import { MEDIA_KINDS } from './post.ts';

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
const kinds = z.array(z.enum(MEDIA_KINDS)).min(1);
const media = z.preprocess(readMedia, z.union([z.boolean(), kinds])).optional();
const oneOrMoreKinds = z.preprocess((v) => (typeof v === 'string' ? [v] : v), kinds).optional();
const MAX_LENGTH = 100_000;
const readNumber = (v: unknown): unknown => (typeof v === 'string' && /^\d{1,6}$/.test(v) ? Number(v) : v);
const length = z.preprocess(readNumber, z.int().min(0).max(MAX_LENGTH)).optional();

/** What a list of values may be given for, and what a post is left out for. */
const lists = {
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
   * of stored posts, also by words under `not`, shows only those whose author allows search.
   */
  keyword: oneOrMore,
};

/**
 * Which posts a reader wants. All given fields must hold; within a list one value is enough. Gaps and deletions
 * pass every filter. Field names are also those of the query parameters of REST and SSE, with `not.` before those of `not`.
 */
export const filterSchema = z.strictObject({
  ...lists,
  /** Has media (true), has none (false), or has one of these kinds. */
  media,
  reply: flag,
  sensitive: flag,
  bot: flag,
  /** At least so many characters (Unicode code points) of `hub.text`. */
  min_length: length,
  /** A post that has any of these values is left out, whatever else it has. */
  not: z.strictObject({ ...lists, media: oneOrMoreKinds }).optional(),
});

export type Filter = z.infer<typeof filterSchema>;

/** Whether a reader with this filter is shown stored posts only of authors who allow search: it asks for words. */
export function searches({ keyword, not }: Filter): boolean {
  return keyword !== undefined || not?.keyword !== undefined;
}
