import type { FeedEvent, Filter, Post } from '@hub/contracts';
import type { FeedEntry, Store } from '@hub/storage';
import { aGap } from './a-change.ts';

let marks = 0;

/** Everything that the feed holds after a cursor, up to now. Writes a gap to know the end by; it is not returned. */
export async function readFeed(store: Store, from: string): Promise<FeedEntry[]> {
  const mark = aGap({ source: 'mark.example', from: new Date(++marks).toISOString() });
  await store.apply([mark]);
  const found = await readUntil(store, from, (entry) => entry.json === JSON.stringify(mark.gap));
  return found.slice(0, -1).filter(({ json }) => !json.includes('"mark.example"'));
}

/** Reads on until an entry is the last one wanted, live if need be; that entry is returned too. */
export async function readUntil(
  store: Store,
  from: string | undefined,
  isLast: (entry: FeedEntry) => boolean,
): Promise<FeedEntry[]> {
  const stop = new AbortController();
  const entries: FeedEntry[] = [];
  const watched = store.watch({ ...(from !== undefined && { from }), signal: stop.signal });
  for await (const batch of watched) {
    for (const entry of batch.entries) {
      entries.push(entry);
      if (isLast(entry)) return entries;
    }
  }
  return entries;
}

export function event({ type, json }: FeedEntry): FeedEvent {
  return { type, data: JSON.parse(json) };
}

/** What a reader of the entries ends up with, by URI. */
export function replayed(entries: readonly FeedEntry[]): Map<string, Post> {
  const posts = new Map<string, Post>();
  for (const { type, data } of entries.map(event)) {
    if (type === 'delete') posts.delete(data.uri);
    else if (type !== 'gap') posts.set(data.uri, data);
  }
  return posts;
}

/** All posts that a filter finds, page by page. */
export async function allPages(store: Store, filter: Filter, limit = 100): Promise<Post[]> {
  const posts: Post[] = [];
  let before: string | null | undefined;
  while (before !== null) {
    const page = await store.page({ filter, limit, ...(before !== undefined && { before }) });
    posts.push(...page.posts);
    before = page.before;
  }
  return posts;
}
