import { z } from 'zod';
import type { Filter } from './filter.ts';
import { isAccount } from './names.ts';
import { MEDIA_KINDS } from './post.ts';
import { words } from './text.ts';

const MAX_VALUES = 100;
const MAX_LENGTH = 100_000;
/** What a filter costs is bounded by how many values it has, and by the words of a phrase. */
const MAX_VALUES_IN_ALL = 400;
const MAX_WORDS = 20;

/** Query parameters are strings, and one value may stand for a list. */
const readList = (v: unknown): unknown => (typeof v === 'string' ? [v] : v);
const readFlag = (v: unknown): unknown => (v === 'true' ? true : v === 'false' ? false : v);
const readNumber = (v: unknown): unknown => (typeof v === 'string' && /^\d{1,6}$/.test(v) ? Number(v) : v);

/** What a client is told that sends something else. */
const TEXT = 'must be a text of 1 to 200 characters';
const LIST = `must be a list of 1 to ${MAX_VALUES}`;
const FLAG = 'must be true or false';
const KINDS = `must be of ${MEDIA_KINDS.join(', ')}`;
const MEDIA = `must be true, false, or of ${MEDIA_KINDS.join(', ')}`;
const ACCOUNT = 'must be user@host';
const MENTION = 'must be user@host or the address of a profile';
const LENGTH = `must be a whole number from 0 to ${MAX_LENGTH}`;

const value = z.string(TEXT).trim().min(1, TEXT).max(200, TEXT);
const listOf = <S extends z.ZodType>(one: S) =>
  z.preprocess(readList, z.array(one, LIST).min(1, LIST).max(MAX_VALUES, LIST)).optional();
const oneOrMore = listOf(value);
const phrases = listOf(
  value.refine((text) => words(text).length <= MAX_WORDS, `a phrase has ${MAX_WORDS} words at most`),
);
const kinds = z.array(z.enum(MEDIA_KINDS, KINDS), KINDS).min(1, KINDS).max(MEDIA_KINDS.length, KINDS);
const flag = z.preprocess(readFlag, z.boolean(FLAG)).optional();

const lists = {
  language: oneOrMore,
  hashtag: oneOrMore,
  instance: oneOrMore,
  account: listOf(value.refine(isAccount, ACCOUNT)),
  mention: listOf(value.refine((name) => isAccount(name) || URL.canParse(name), MENTION)),
  keyword: phrases,
};

const countValues = (lists: object): number =>
  Object.values(lists).reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0);

/** Reads a filter as clients and URLs give it. */
export const filterSchema = z
  .strictObject({
    ...lists,
    media: z.preprocess((v) => readList(readFlag(v)), z.union([z.boolean(), kinds], MEDIA)).optional(),
    reply: flag,
    sensitive: flag,
    bot: flag,
    min_length: z.preprocess(readNumber, z.int(LENGTH).min(0, LENGTH).max(MAX_LENGTH, LENGTH)).optional(),
    not: z.strictObject({ ...lists, media: z.preprocess(readList, kinds).optional() }).optional(),
  })
  .refine(
    (filter) => countValues(filter) + countValues(filter.not ?? {}) <= MAX_VALUES_IN_ALL,
    `a filter has ${MAX_VALUES_IN_ALL} values at most`,
  ) satisfies z.ZodType<Filter>;
