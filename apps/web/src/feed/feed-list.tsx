import type { Post } from '@hub/client';
import { useRef, type JSX } from 'react';
import { useFeed } from '../context.ts';
import { nameOf } from '../post/author.tsx';
import { PostItem } from '../post/post-item.tsx';
import { FeedEnd } from './feed-end.tsx';
import { useFeedWindow } from './use-feed-window.ts';

interface FeedRowProps {
  ref: (element: Element | null) => void;
  post: Post;
  index: number;
  /** Pixels from the top of the list. */
  top: number;
}

function FeedRow({ ref, post, index, top }: FeedRowProps): JSX.Element {
  return (
    <article
      ref={ref}
      data-index={index}
      data-post={post.id}
      tabIndex={0}
      aria-posinset={index + 1}
      aria-setsize={-1}
      aria-label={`Post by ${nameOf((post.reblog ?? post).account)}`}
      className="absolute inset-x-0 top-0 scroll-mt-28 scroll-mb-20 border-b border-line -outline-offset-4"
      style={{ transform: `translateY(${top}px)` }}
    >
      <PostItem post={post} />
    </article>
  );
}

/** The posts, of which only those near the window are in the page. */
export function FeedList(): JSX.Element {
  const posts = useFeed((state) => state.posts);
  const isBusy = useFeed(({ phase }) => phase === 'loading');
  const list = useRef<HTMLDivElement>(null);
  const virtualizer = useFeedWindow(posts, list);
  const { scrollMargin } = virtualizer.options;
  const rows = virtualizer.getVirtualItems().flatMap(({ key, index, start }) => {
    const post = posts[index];
    if (post === undefined) return [];
    return <FeedRow key={key} ref={virtualizer.measureElement} post={post} index={index} top={start - scrollMargin} />;
  });
  return (
    <>
      <div
        ref={list}
        {...(posts.length > 0 && { role: 'feed', 'aria-label': 'Posts, the newest first', 'aria-busy': isBusy })}
      >
        <div
          className={`relative transition-opacity ${isBusy ? 'opacity-50' : ''}`}
          style={{ height: virtualizer.getTotalSize() }}
        >
          {rows}
        </div>
      </div>
      <FeedEnd />
    </>
  );
}
