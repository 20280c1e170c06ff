import { compileFilter, type FeedEventType, type Filter, type Post } from '@hub/contracts';
import type { FeedItem } from './feed-item.ts';

/** Whether a reader wants a post; undefined: all of them. */
export type Accepts = ((post: Post) => boolean) | undefined;

/** An empty filter is none. */
export function acceptsOf(filter: Filter): Accepts {
  return Object.keys(filter).length === 0 ? undefined : compileFilter(filter);
}

/** An event as one reader gets it. */
export interface EventBytes {
  cursor: string;
  type: FeedEventType;
  /** JSON of `data` in UTF-8. */
  json: Buffer;
}

/**
 * What a reader is shown of a change; undefined: nothing. Deletions and gaps go to all. An edit that the filter does
 * not accept goes out as the removal of the post: its reader may hold the earlier words, and nobody remembers who does;
 * who never held it passes the removal over. An edit that is accepted carries the whole post, so it may be new to its reader.
 */
export function view(item: FeedItem, accepts: Accepts): EventBytes | undefined {
  if (accepts === undefined || item.type === 'delete' || item.type === 'gap' || accepts(item.post)) return item;
  return viewOfRejected(item);
}

/** The same of a change whose post the filter is known not to accept. */
export function viewOfRejected(item: FeedItem): EventBytes | undefined {
  if (item.type === 'post') return undefined;
  return item.type === 'edit' ? item.removal : item;
}
