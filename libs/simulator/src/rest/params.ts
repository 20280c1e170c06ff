import type { Request } from 'express';
import type { PageQuery } from '../posts/post-store.ts';

type Query = Request['query'];

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 40;
const FALSE = new Set(['', '0', 'f', 'false', 'off', 'n', 'no']);

/** The last one, if a parameter is given more than once. */
export function textParam(query: Query, name: string): string | undefined {
  const value = query[name];
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : undefined;
}

/** All values of `name[]`, or of `name`. */
export function listParam(query: Query, name: string): string[] {
  const value = query[`${name}[]`] ?? query[name] ?? [];
  return (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');
}

/** Anything but what Rails takes for no. */
export function flagParam(query: Query, name: string): boolean {
  const value = textParam(query, name);
  return value !== undefined && !FALSE.has(value.toLowerCase());
}

/** Mastodon's paging: 20 unless told, 40 at most; ids that are not numbers count as 0, empty ones as not given. */
export function pageQuery(query: Query): PageQuery {
  const page: PageQuery = { limit: limitParam(query) };
  for (const name of ['max_id', 'since_id', 'min_id'] as const) {
    const value = textParam(query, name);
    if (value !== undefined && value !== '') page[name] = /^0*(\d+)/.exec(value)?.[1] ?? '0';
  }
  return page;
}

function limitParam(query: Query): number {
  const value = textParam(query, 'limit');
  if (value === undefined) return DEFAULT_LIMIT;
  return Math.min(Math.abs(Number.parseInt(value, 10) || 0), MAX_LIMIT);
}
