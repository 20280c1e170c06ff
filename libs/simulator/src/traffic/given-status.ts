import { z } from 'zod';
import type { Account, Status } from '../entities.ts';
import type { Post } from '../posts/post.ts';

/** Fields of a status that a test wants to have its way; any of Mastodon's, the rest is made up. */
export const givenStatusSchema = z.looseObject({
  id: z.string().regex(/^\d+$/).optional(),
  uri: z.string().optional(),
  created_at: z.iso.datetime().optional(),
  content: z.string().optional(),
  visibility: z.enum(['public', 'unlisted', 'private', 'direct']).optional(),
  account: z.looseObject({}).optional(),
});
export type GivenStatus = z.infer<typeof givenStatusSchema>;

/** Entities that belong to the text: gone with the text that they came from. */
const WITHOUT_TEXT: Partial<Status> = { tags: [], mentions: [], emojis: [], card: null };

/** Puts given fields into a post. A given account changes this post's author alone. */
export function applyGiven(post: Post, given: GivenStatus, now: number): void {
  const { account, ...fields } = given;
  if (fields.content !== undefined) Object.assign(post.status, WITHOUT_TEXT);
  if (fields.created_at !== undefined && fields.id === undefined) {
    post.status.id = shifted(post.status.id, Date.parse(fields.created_at) - Date.parse(post.status.created_at));
  }
  Object.assign(post.status, fields);
  if (account !== undefined) post.status.account = { ...post.status.account, ...(account as Partial<Account>) };
  if (Date.parse(post.status.created_at) > now) post.status.created_at = new Date(now).toISOString();
}

/** Ids follow the time of the post. */
function shifted(id: string, ms: number): string {
  return (BigInt(id) + (BigInt(ms) << 16n)).toString();
}
