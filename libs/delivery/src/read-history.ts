import { compileFilter, HubError, searches, type Filter, type HistoryPage, type Post } from '@hub/contracts';
import type { PostReader } from '@hub/storage';
import type { z } from 'zod';
import type { Client } from './access/client.ts';
import { narrowFilter } from './access/narrow-filter.ts';
import type { historySchema } from './requests.ts';

type Reader = Pick<Client, 'filter'>;

/** A page of stored posts, newest first, of those that the client may read. */
export function readHistory(
  posts: Pick<PostReader, 'page'>,
  client: Reader,
  request: z.infer<typeof historySchema>,
): Promise<HistoryPage> {
  const { filter = {}, before, limit } = request;
  const narrowed = narrowFilter(client.filter, filter);
  return posts.page({ filter: narrowed, limit, ...(before !== undefined && { before }) });
}

/** Rejects with a HubError of code not_found, also for what the client may not read. */
export async function readPost(posts: Pick<PostReader, 'get'>, { filter }: Reader, id: string): Promise<Post> {
  const post = await posts.get(id);
  if (post !== undefined && (filter === undefined || isStoredFor(filter, post))) return post;
  throw new HubError('not_found', 'There is no such post here, or not any more.');
}

/** As a page of stored posts has it: words find those that may be searched. */
function isStoredFor(filter: Filter, post: Post): boolean {
  return compileFilter(filter)(post) && (post.hub.searchable || !searches(filter));
}
