import type { Post } from '@hub/client';

/** A post after others are gone (ids or URIs): undefined if it is among them or boosts one; a quote of one is emptied. */
export function withoutGone(post: Post, gone: ReadonlySet<string>): Post | undefined {
  if (gone.size === 0) return post;
  if (gone.has(post.id) || gone.has(post.uri)) return undefined;
  const { reblog, quote } = post;
  if (reblog !== null && gone.has(reblog.uri)) return undefined;
  if (quote?.quoted_status && gone.has(quote.quoted_status.uri)) {
    return { ...post, quote: { state: 'deleted', quoted_status: null, quoted_status_id: null } };
  }
  return post;
}
