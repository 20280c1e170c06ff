import { FOLD_VALUE, searches, VALUE_FIELDS, words, type Filter, type ValueField } from '@hub/contracts';
import type { mongo } from 'mongoose';
import { FILTER_PATHS, type PostRecord } from '../records/post.record.ts';

type Query = mongo.Filter<PostRecord>;

/** Conditions under which a stored post passes a filter. Undefined: none can. */
export function filterQuery(filter: Filter): Query[] | undefined {
  const found: Query[] = [];
  for (const field of VALUE_FIELDS) {
    const values = filter[field];
    if (values !== undefined) found.push(oneOf(FILTER_PATHS[field], folded(field, values)));
  }
  if (filter.keyword !== undefined) {
    const keywords = keywordQuery(filter.keyword);
    if (keywords === undefined) return undefined;
    found.push(keywords);
  }
  if (filter.keyword === undefined && searches(filter)) found.push({ 'post.hub.searchable': true });
  return [...found, ...flagQueries(filter), ...exclusions(filter.not ?? {})];
}

function folded(field: ValueField, values: readonly string[]): string[] {
  return [...new Set(values.map(FOLD_VALUE[field]))];
}

function exclusions(not: NonNullable<Filter['not']>): Query[] {
  const found: Query[] = [];
  for (const field of VALUE_FIELDS) {
    const values = not[field];
    if (values !== undefined) found.push({ [FILTER_PATHS[field]]: { $nin: folded(field, values) } });
  }
  if (not.media !== undefined) found.push({ 'post.hub.media': { $nin: not.media } });
  const keywords = not.keyword && keywordQuery(not.keyword);
  if (keywords !== undefined) found.push({ $nor: [keywords] });
  return found;
}

function oneOf(path: string, values: string[]): Query {
  return { [path]: values.length === 1 ? values[0] : { $in: values } };
}

function keywordQuery(keywords: string[]): Query | undefined {
  const phrases = keywords.map(words).filter((phrase) => phrase.length > 0);
  const single = phrases.flatMap((phrase) => (phrase.length === 1 ? phrase : []));
  const found = phrases.filter((phrase) => phrase.length > 1).map(phraseQuery);
  if (single.length > 0) found.push(oneOf(FILTER_PATHS.keyword, [...new Set(single)]));
  return found.length > 1 ? { $or: found } : found[0];
}

/**
 * Its longest word, likely the rarest, finds the candidates in the index; the whole is looked for in their text. Words
 * hold letters, marks and digits alone: nothing in them means anything in a regular expression.
 */
function phraseQuery(phrase: string[]): Query {
  const longest = phrase.reduce((best, word) => (word.length > best.length ? word : best));
  return { [FILTER_PATHS.keyword]: longest, 'find.text': new RegExp(` ${phrase.join(' ')} `) };
}

function flagQueries({ media, reply, sensitive, bot, min_length: minLength }: Filter): Query[] {
  const found: Query[] = [];
  if (typeof media === 'boolean') found.push({ 'post.hub.media.0': { $exists: media } });
  else if (media !== undefined) found.push({ 'post.hub.media': { $in: media } });
  if (reply !== undefined) found.push({ 'post.in_reply_to_id': reply ? { $ne: null } : null });
  if (sensitive !== undefined) found.push({ 'post.sensitive': sensitive });
  if (bot !== undefined) found.push({ 'post.account.bot': bot });
  if (minLength !== undefined) found.push({ $expr: { $gte: [{ $strLenCP: '$post.hub.text' }, minLength] } });
  return found;
}
