import type { Filter } from '@hub/client';
import { languageName } from '../words.ts';
import { LIST_FIELDS, withField, type ListField } from './filter-url.ts';

const MARKS: Partial<Record<ListField, string>> = { hashtag: '#', account: '@', mention: 'to @' };

const FLAG_WORDS = {
  reply: ['replies only', 'no replies'],
  sensitive: ['sensitive only', 'nothing sensitive'],
  bot: ['bots only', 'no bots'],
} as const;
const MEDIA_WORDS = { image: 'images', gifv: 'animations', video: 'videos', audio: 'audio', unknown: 'other media' };

/** A part of a filter as people read it, and the filter without it. */
export interface FilterPart {
  key: string;
  words: string;
  without: Filter;
}

function listWords(field: ListField, value: string): string {
  if (field === 'language') return languageName(value);
  if (field === 'keyword') return `“${value}”`;
  return (MARKS[field] ?? '') + value.replace(/^[#@]/, '');
}

function mediaWords(media: NonNullable<Filter['media']>): string {
  if (typeof media === 'boolean') return media ? 'with media' : 'without media';
  return media.map((kind) => MEDIA_WORDS[kind]).join(' or ');
}

/** The parts of a filter, one for each value that can be taken back. */
export function filterParts(filter: Filter): FilterPart[] {
  const lists = LIST_FIELDS.flatMap((field) =>
    (filter[field] ?? []).map((value) => ({
      key: `${field}:${value}`,
      words: listWords(field, value),
      without: withField(
        filter,
        field,
        filter[field]?.filter((other) => other !== value),
      ),
    })),
  );
  const rest: FilterPart[] = [];
  const add = (key: keyof Filter, words: string) =>
    rest.push({ key, words, without: withField(filter, key, undefined) });
  if (filter.media !== undefined) add('media', mediaWords(filter.media));
  for (const name of ['reply', 'sensitive', 'bot'] as const) {
    const value = filter[name];
    if (value !== undefined) add(name, FLAG_WORDS[name][value ? 0 : 1]);
  }
  if (filter.min_length !== undefined) add('min_length', `at least ${filter.min_length} characters`);
  if (filter.not !== undefined) add('not', `not ${Object.values(filter.not).flat().join(', ')}`);
  return [...lists, ...rest];
}

/** A filter in a few words: a name for a view of it. */
export function filterTitle(filter: Filter): string {
  const parts = filterParts(filter);
  return parts.length === 0 ? 'All posts' : parts.map(({ words }) => words).join(' · ');
}
