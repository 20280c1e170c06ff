import { HubError, type Filter } from '@hub/contracts';
import type { PageRequest } from '@hub/storage';
import { z } from 'zod';
import type { Query } from '../http/query.ts';
import { fromMastodonId } from './ids.ts';

const DEFAULT_PAGE = 20;
const MAX_PAGE = 40;

/** A hub has no accounts of its own: what Mastodon calls local is nobody. */
const NOBODY: Filter = { instance: ['local.invalid'] };

const FLAG = 'must be true or false';
const ID = 'must be the id of a post';
const LIMIT = `must be a whole number from 1 on; a page has ${MAX_PAGE} at most`;
const TAG = 'must be tags of 1 to 200 characters, 10 at most';

const flag = z
  .enum(['true', 'false', '1', '0', ''], FLAG)
  .transform((value) => value === 'true' || value === '1')
  .default(false);
const id = z.string(ID).min(1, ID).max(100, ID).transform(fromMastodonId).optional();
const tags = z
  .union([z.string(), z.array(z.string())], TAG)
  .transform((given) => [given].flat())
  .pipe(z.array(z.string().trim().min(1, TAG).max(200, TAG)).max(10, TAG))
  .default([]);

/** What clients of Mastodon's timelines send. Other parameters are passed over, as Mastodon does. */
export const timelineSchema = z.object({
  max_id: id,
  since_id: id,
  min_id: id,
  limit: z.coerce.number(LIMIT).int(LIMIT).min(1, LIMIT).default(DEFAULT_PAGE),
  local: flag,
  remote: flag,
  only_media: flag,
  any: tags,
  all: tags,
  none: tags,
});

/** Lists are sent as `any[]`. */
export function readTimelineQuery(query: Query): z.infer<typeof timelineSchema> {
  return timelineSchema.parse(Object.fromEntries(Object.entries(query).map(([n, v]) => [n.replace(/\[\]$/, ''), v])));
}

type TimelineQuery = z.infer<typeof timelineSchema>;

export function timelineFilter(query: Pick<TimelineQuery, 'local' | 'only_media'>): Filter {
  return { ...(query.local && NOBODY), ...(query.only_media && { media: true }) };
}

/** Throws a HubError of code bad_request for what the hub's filters cannot say. */
export function tagFilter(tag: string, query: TimelineQuery): Filter {
  if (query.all.length > 0) throw new HubError('bad_request', 'The parameter all is not supported.');
  return {
    ...timelineFilter(query),
    hashtag: [tag, ...query.any],
    ...(query.none.length > 0 && { not: { hashtag: query.none } }),
  };
}

/** min_id is followed by the posts next to it, since_id by the newest. */
export function pageBounds({ max_id, since_id, min_id, limit }: TimelineQuery): Omit<PageRequest, 'filter'> {
  const newerThan = min_id ?? since_id;
  return {
    limit: Math.min(limit, MAX_PAGE),
    ...(max_id !== undefined && { olderThan: max_id }),
    ...(newerThan !== undefined && { newerThan, oldest: min_id !== undefined }),
  };
}
