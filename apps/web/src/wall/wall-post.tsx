import type { Post } from '@hub/client';
import type { JSX } from 'react';
import { Avatar, nameOf } from '../post/author.tsx';
import { withEmoji } from '../post/emoji-text.tsx';
import { MediaGrid } from '../post/media-grid.tsx';
import { Poll } from '../post/poll.tsx';
import { RichText } from '../post/rich-text.tsx';
import { When } from '../post/when.tsx';
import type { ShownPost } from '../post/post-body.tsx';

function By({ post }: { post: ShownPost }): JSX.Element {
  return (
    <div className="flex items-center gap-[1.6vmin]">
      <Avatar account={post.account} size="wall" />
      <span className="grid min-w-0 text-[2.2vmin] leading-tight">
        <bdi className="truncate font-bold">{withEmoji(nameOf(post.account), post.account.emojis)}</bdi>
        <span dir="ltr" className="truncate text-muted">
          @{post.account.acct}
        </span>
      </span>
      <span className="ms-auto text-[2.2vmin] text-muted">
        <When time={post.created_at} />
      </span>
    </div>
  );
}

/** Short posts are set larger. */
function sizeOf(length: number, hasMedia: boolean): string {
  if (hasMedia) return length < 140 ? 'text-[4vmin] leading-[1.3]' : 'text-[2.8vmin] leading-[1.35]';
  if (length < 70) return 'text-[8vmin] leading-[1.15]';
  if (length < 150) return 'text-[6.4vmin] leading-[1.2]';
  if (length < 280) return 'text-[5vmin] leading-[1.25]';
  if (length < 450) return 'text-[4vmin] leading-[1.3]';
  return 'text-[3.1vmin] leading-[1.35]';
}

/** The post that all look at. */
export function Featured({ post: outer }: { post: Post }): JSX.Element {
  const post: ShownPost = outer.reblog ?? outer;
  const hasMedia = post.media_attachments.length > 0;
  return (
    <article className="arrives flex min-h-0 flex-col gap-[3vmin] overflow-hidden rounded-[3vmin] border border-line bg-surface p-[4vmin]">
      <By post={post} />
      <div
        className={`post-text min-h-0 overflow-hidden font-medium ${hasMedia ? 'max-h-[45%] shrink-0' : 'my-auto'} ${sizeOf(outer.hub.text.length, hasMedia)}`}
        dir="auto"
        lang={post.language ?? undefined}
      >
        <RichText html={post.content} emojis={post.emojis} />
      </div>
      {post.poll && (
        <div className="text-[2.6vmin]">
          <Poll poll={post.poll} />
        </div>
      )}
      {hasMedia && (
        <div className="min-h-0 grow overflow-hidden rounded-2xl">
          <MediaGrid id={post.id} media={post.media_attachments} isSensitive={false} />
        </div>
      )}
    </article>
  );
}

/** One of the newest, small. */
export function Side({ post: outer }: { post: Post }): JSX.Element {
  const post: ShownPost = outer.reblog ?? outer;
  return (
    <li className="arrives grid gap-[1.2vmin] border-b border-line pb-[2vmin]">
      <By post={post} />
      <div className="post-text line-clamp-3 text-[2.3vmin] leading-snug" dir="auto" lang={post.language ?? undefined}>
        <RichText html={post.content} emojis={post.emojis} />
      </div>
    </li>
  );
}
