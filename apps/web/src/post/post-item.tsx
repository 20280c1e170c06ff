import type { Post } from '@hub/client';
import { memo, type JSX } from 'react';
import { Icon, type IconName } from '../ui/icon.tsx';
import { languageName, shortCount } from '../words.ts';
import { Author, Avatar, nameOf } from './author.tsx';
import { withEmoji } from './emoji-text.tsx';
import { PostBody, type ShownPost } from './post-body.tsx';
import { Quote } from './quote.tsx';
import { webUrl } from './web-url.ts';
import { When } from './when.tsx';

function Above({ icon, children }: { icon: IconName; children: React.ReactNode }): JSX.Element {
  return (
    <p className="mb-1 flex items-center gap-2 text-sm font-semibold text-muted">
      <Icon name={icon} className="size-4" />
      {children}
    </p>
  );
}

function Fact({ icon, children, title }: { icon?: IconName; children: React.ReactNode; title?: string }): JSX.Element {
  return (
    <span className="inline-flex items-center gap-1" title={title}>
      {icon && <Icon name={icon} className="size-3.5" />}
      {children}
    </span>
  );
}

function plural(times: number, word: string): string {
  return `${shortCount(times)} ${word}${times === 1 ? '' : 's'}`;
}

function Facts({ post }: { post: ShownPost }): JSX.Element | null {
  const { edited_at: editedAt, account, language, reblogs_count: boosts, favourites_count: favourites } = post;
  if (editedAt === null && !account.bot && language === null && boosts === 0 && favourites === 0) return null;
  return (
    <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
      {language !== null && <Fact>{languageName(language)}</Fact>}
      {editedAt !== null && (
        <Fact icon="pencil" title={new Date(editedAt).toLocaleString()}>
          <span key={editedAt} className="arrives font-semibold text-sun">
            edited
          </span>
        </Fact>
      )}
      {account.bot && <Fact icon="bot">bot</Fact>}
      {boosts > 0 && <Fact icon="boost">{plural(boosts, 'boost')}</Fact>}
      {favourites > 0 && <Fact>{plural(favourites, 'favourite')}</Fact>}
    </p>
  );
}

function Permalink({ post }: { post: ShownPost }): JSX.Element {
  const url = webUrl(post.url) ?? webUrl(post.uri);
  if (url === undefined) return <When time={post.created_at} />;
  return (
    <a
      data-original=""
      href={url}
      target="_blank"
      rel="nofollow noopener noreferrer"
      className="inline-flex min-h-6 items-center whitespace-nowrap hover:underline"
    >
      <span className="sr-only">Open the original, from </span>
      <When time={post.created_at} />
    </a>
  );
}

/** A post in the list. */
export const PostItem = memo(function PostItem({ post: outer }: { post: Post }): JSX.Element {
  const post: ShownPost = outer.reblog ?? outer;
  return (
    <div className="px-4 py-4 in-data-[density=compact]:py-2.5 sm:px-6">
      {outer.reblog && (
        <Above icon="boost">
          <bdi>{withEmoji(nameOf(outer.account), outer.account.emojis)}</bdi> boosted
        </Above>
      )}
      {post.in_reply_to_id !== null && <Above icon="reply">A reply</Above>}
      <div className="flex gap-3">
        <span className="shrink-0 in-data-[density=compact]:hidden">
          <Avatar account={post.account} size="large" />
        </span>
        <div className="min-w-0 grow">
          <div className="mb-1 flex items-baseline justify-between gap-3">
            <Author account={post.account} />
            <span className="text-sm text-muted">
              <Permalink post={post} />
            </span>
          </div>
          <div className="grid gap-3 in-data-[density=compact]:text-[0.95rem] in-data-[density=compact]:leading-snug">
            <PostBody post={post}>{post.quote && <Quote quote={post.quote} />}</PostBody>
          </div>
          <Facts post={post} />
        </div>
      </div>
    </div>
  );
});
