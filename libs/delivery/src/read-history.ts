import type { HistoryPage } from '@hub/contracts';
import type { PostReader } from '@hub/storage';
import type { z } from 'zod';
import type { historySchema } from './requests.ts';

/** A page of stored posts, newest first. */
export function readHistory(posts: PostReader, request: z.infer<typeof historySchema>): Promise<HistoryPage> {
  const { filter = {}, before, limit } = request;
  return posts.page({ filter, limit, ...(before !== undefined && { before }) });
}
