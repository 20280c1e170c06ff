import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, type JSX } from 'react';
import { useFeed, useHub } from '../context.ts';
import { PostItem } from '../post/post-item.tsx';
import { nameOf } from '../post/author.tsx';
import { FeedEnd } from './feed-end.tsx';
import { useAnchor } from './use-anchor.ts';

/** Closer to the top than this the reader follows the feed. Pixels. */
const AT_TOP = 80;
const ESTIMATE = 190;
/** So many posts before the end the next page is fetched. */
const FETCH_AHEAD = 15;

/** The posts, of which only those near the window are in the page. */
export function FeedList(): JSX.Element {
  const { feed } = useHub();
  const posts = useFeed(({ posts }) => posts);
  const isBusy = useFeed(({ phase }) => phase === 'loading');
  const list = useRef<HTMLDivElement>(null);
  const virtualizer = useWindowVirtualizer({
    count: posts.length,
    estimateSize: () => ESTIMATE,
    overscan: 6,
    getItemKey: useCallback((index: number) => posts[index]?.id ?? index, [posts]),
    scrollMargin: list.current?.offsetTop ?? 0,
    useFlushSync: false,
  });
  useAnchor(virtualizer, posts);
  const rows = virtualizer.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    const follow = () => feed.setFollowing(window.scrollY <= AT_TOP, last);
    follow();
    addEventListener('scroll', follow, { passive: true });
    return () => removeEventListener('scroll', follow);
  }, [feed, last]);
  useLayoutEffect(() => {
    if (posts.length > 0 && last >= posts.length - FETCH_AHEAD) void feed.loadOlder();
  }, [feed, last, posts.length]);
  const { scrollMargin } = virtualizer.options;
  return (
    <>
      <div
        ref={list}
        role="feed"
        aria-label="Posts, the newest first"
        aria-busy={isBusy}
        className={`transition-opacity ${isBusy ? 'opacity-50' : ''}`}
      >
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {rows.map(({ key, index, start }) => {
            const post = posts[index];
            if (post === undefined) return null;
            return (
              <article
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                data-post={post.id}
                tabIndex={0}
                aria-posinset={index + 1}
                aria-setsize={-1}
                aria-label={`Post by ${nameOf((post.reblog ?? post).account)}`}
                className="absolute inset-x-0 top-0 border-b border-line -outline-offset-4"
                style={{ transform: `translateY(${start - scrollMargin}px)` }}
              >
                <PostItem post={post} />
              </article>
            );
          })}
        </div>
      </div>
      <FeedEnd />
    </>
  );
}
