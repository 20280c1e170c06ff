import { z } from 'zod';
import type { Filter } from './filter.ts';
import { MEDIA_KINDS } from './post.ts';

const MAX_VALUES = 100;
const MAX_LENGTH = 100_000;

/** Query parameters are strings, and one value may stand for a list. */
const readList = (v: unknown): unknown => (typeof v === 'string' ? [v] : v);
const readFlag = (v: unknown): unknown => (v === 'true' ? true : v === 'false' ? false : v);
const readNumber = (v: unknown): unknown => (typeof v === 'string' && /^\d{1,6}$/.test(v) ? Number(v) : v);

const values = z.array(z.string().trim().min(1).max(200)).min(1).max(MAX_VALUES);
const oneOrMore = z.preprocess(readList, values).optional();
const kinds = z.array(z.enum(MEDIA_KINDS)).min(1);
const flag = z.preprocess(readFlag, z.boolean()).optional();

const lists = {
  language: oneOrMore,
  hashtag: oneOrMore,
  instance: oneOrMore,
  account: oneOrMore,
  mention: oneOrMore,
  keyword: oneOrMore,
};

/** Reads a filter as clients and URLs give it. */
export const filterSchema = z.strictObject({
  ...lists,
  media: z.preprocess((v) => readList(readFlag(v)), z.union([z.boolean(), kinds])).optional(),
  reply: flag,
  sensitive: flag,
  bot: flag,
  min_length: z.preprocess(readNumber, z.int().min(0).max(MAX_LENGTH)).optional(),
  not: z.strictObject({ ...lists, media: z.preprocess(readList, kinds).optional() }).optional(),
}) satisfies z.ZodType<Filter>;
