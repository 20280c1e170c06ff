import type { Post } from '@hub/client';
import type { JSX } from 'react';
import { Author, Avatar } from './author.tsx';
import { PostBody, type ShownPost } from './post-body.tsx';
import { When } from './when.tsx';

const STATES: Record<string, string> = {
  deleted: 'The quoted post was deleted.',
  revoked: 'The quoted author took this quote back.',
  pending: 'The quoted author has not agreed to this quote yet.',
  rejected: 'The quoted author did not agree to this quote.',
};

/** A quoted post, or why it is not there. One level deep. */
export function Quote({ quote }: { quote: NonNullable<Post['quote']> }): JSX.Element {
  const post: ShownPost | null = quote.quoted_status;
  const look = 'rounded-2xl border border-line px-4 py-3';
  if (post === null || quote.state !== 'accepted') {
    return <p className={`${look} text-sm text-muted`}>{STATES[quote.state] ?? 'The quoted post is not available.'}</p>;
  }
  return (
    <blockquote className={`${look} grid gap-1.5`} cite={post.uri}>
      <div className="flex items-center gap-2 text-sm">
        <Avatar account={post.account} size="small" />
        <Author account={post.account} />
        <span className="ms-auto text-muted">
          <When time={post.created_at} />
        </span>
      </div>
      <PostBody post={post} />
    </blockquote>
  );
}
