import type { FeedEventType, Post, PostRemoval } from '@hub/contracts';
import type { FeedItem } from './feed-item.ts';

/** Whether a reader wants a post; undefined: all of them. */
export type Accepts = ((post: Post) => boolean) | undefined;

/** An event as one reader gets it. */
export interface EventText {
  cursor: string;
  type: FeedEventType;
  /** JSON of `data`. */
  json: string;
}

/**
 * What a reader is shown of a change; undefined: nothing. Deletions and gaps go to all. An edit that the filter does
 * not accept goes out as the removal of the post: its reader may hold the earlier words, and nobody remembers who does;
 * who never held it passes the removal over. An edit that is accepted carries the whole post, so it may be new to its reader.
 */
export function view(item: FeedItem, accepts: Accepts): EventText | undefined {
  if (accepts === undefined || item.type === 'delete' || item.type === 'gap' || accepts(item.post)) return item;
  if (item.type === 'post') return undefined;
  const { id, uri } = item.post;
  return { cursor: item.cursor, type: 'delete', json: JSON.stringify({ id, uri } satisfies PostRemoval) };
}
