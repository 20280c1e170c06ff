import type { Post } from '@hub/client';
import type { JSX, ReactNode } from 'react';
import { ContentWarning } from './cover.tsx';
import { withEmoji } from './emoji-text.tsx';
import { LinkCard } from './link-card.tsx';
import { MediaGrid } from './media-grid.tsx';
import { Poll } from './poll.tsx';
import { RichText } from './rich-text.tsx';

/** A post, or one within a post. */
export type ShownPost = Omit<Post, 'hub'>;

/** Scripts without spaces and right-to-left ones find their own way: the browser is told the language. */
function Text({ post }: { post: ShownPost }): JSX.Element | null {
  if (post.content === '') return null;
  return (
    <div className="post-text" dir="auto" lang={post.language ?? undefined}>
      <RichText html={post.content} emojis={post.emojis} />
    </div>
  );
}

interface BodyProps {
  post: ShownPost;
  /** What it quotes: covered with it. */
  children?: ReactNode;
}

function Content({ post, children }: BodyProps): JSX.Element {
  const { media_attachments: media, poll, card } = post;
  const isCovered = post.spoiler_text !== '';
  return (
    <div className="grid gap-3">
      <Text post={post} />
      {poll && <Poll poll={poll} />}
      {media.length > 0 && <MediaGrid id={post.id} media={media} isSensitive={post.sensitive && !isCovered} />}
      {card && media.length === 0 && <LinkCard card={card} hasImage={!post.sensitive} />}
      {children}
    </div>
  );
}

/** What a post says and shows, behind its content warning if it has one. */
export function PostBody({ post, children }: BodyProps): JSX.Element {
  if (post.spoiler_text === '') return <Content post={post}>{children}</Content>;
  return (
    <ContentWarning id={post.id} warning={withEmoji(post.spoiler_text, post.emojis)}>
      <Content post={post}>{children}</Content>
    </ContentWarning>
  );
}
