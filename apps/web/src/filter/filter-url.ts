import type { Filter } from '@hub/client';

const LISTS = ['language', 'hashtag', 'instance', 'account', 'mention', 'keyword'] as const;
const FLAGS = ['reply', 'sensitive', 'bot'] as const;
const KINDS = ['image', 'gifv', 'video', 'audio', 'unknown'] as const;

type Flag = (typeof FLAGS)[number];
type Kind = (typeof KINDS)[number];
/** Fields of a filter that are lists of words. */
export type ListField = (typeof LISTS)[number];
export const LIST_FIELDS: readonly ListField[] = LISTS;

function readList(parameters: URLSearchParams, name: string): string[] {
  const values = parameters.getAll(name).flatMap((value) => value.split(','));
  return [...new Set(values.map((value) => value.trim()).filter((value) => value !== ''))];
}

function readFlag(value: string | null): boolean | undefined {
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function readLists(parameters: URLSearchParams, prefix: string): Partial<Record<ListField, string[]>> {
  const found = LISTS.map((name) => [name, readList(parameters, prefix + name)] as const);
  return Object.fromEntries(found.filter(([, values]) => values.length > 0));
}

function readKinds(parameters: URLSearchParams, name: string): Kind[] {
  return readList(parameters, name).filter((value): value is Kind => KINDS.includes(value as Kind));
}

/** The filter of an address, with the names that the hub's REST and SSE have for it. What is no filter is left out. */
export function readFilter(parameters: URLSearchParams): Filter {
  const filter: Filter = readLists(parameters, '');
  const media = readFlag(parameters.get('media')) ?? readKinds(parameters, 'media');
  if (typeof media === 'boolean' || media.length > 0) filter.media = media;
  for (const name of FLAGS) {
    const value = readFlag(parameters.get(name));
    if (value !== undefined) filter[name] = value;
  }
  const length = Number(parameters.get('min_length'));
  if (Number.isInteger(length) && length > 0) filter.min_length = length;
  const not: NonNullable<Filter['not']> = readLists(parameters, 'not.');
  const kinds = readKinds(parameters, 'not.media');
  if (kinds.length > 0) not.media = kinds;
  if (Object.keys(not).length > 0) filter.not = not;
  return filter;
}

/** The parameters of an address for a filter, in one order, so that equal filters have equal addresses. */
export function writeFilter(filter: Filter): URLSearchParams {
  const parameters = new URLSearchParams();
  const { not, ...wanted } = filter;
  const add = (prefix: string, fields: object) => {
    for (const [name, value] of Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (value === undefined) continue;
      for (const one of Array.isArray(value) ? value : [value]) parameters.append(prefix + name, String(one));
    }
  };
  add('', wanted);
  add('not.', not ?? {});
  return parameters;
}

/** A filter with another value in one field; empty values leave the field out. */
export function withField<K extends keyof Filter>(filter: Filter, name: K, value: Filter[K] | undefined): Filter {
  const { [name]: _, ...rest } = filter;
  const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
  return isEmpty ? rest : { ...rest, [name]: value };
}

/** The yes-or-no fields. */
export type FlagField = Flag;
