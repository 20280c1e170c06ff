import { useWindowVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import type { Post } from '@hub/client';
import { useCallback, useEffect, useLayoutEffect, useState, type RefObject } from 'react';
import { useHub } from '../context.ts';
import { useAnchor } from './use-anchor.ts';

/** Closer to the top than this the reader follows the feed. Pixels. */
const AT_TOP = 80;
const ESTIMATE = 190;
/** So many posts before the end the next page is fetched. */
const FETCH_AHEAD = 15;

/** How far the list is from the top of the page, which changes with what stands above it. */
function useTop(list: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    const measure = () => setTop(Math.round(element.getBoundingClientRect().top + window.scrollY));
    const resized = new ResizeObserver(measure);
    if (element.parentElement) resized.observe(element.parentElement);
    measure();
    return () => resized.disconnect();
  }, [list]);
  return top;
}

/** Which posts are in the page as the window scrolls; tells the feed where the reader is, and fetches older posts in time. */
export function useFeedWindow(
  posts: readonly Post[],
  list: RefObject<HTMLElement | null>,
): Virtualizer<Window, Element> {
  const { feed } = useHub();
  const virtualizer = useWindowVirtualizer({
    count: posts.length,
    estimateSize: () => ESTIMATE,
    overscan: 6,
    getItemKey: useCallback((index: number) => posts[index]?.id ?? index, [posts]),
    scrollMargin: useTop(list),
    useFlushSync: false,
  });
  useAnchor(virtualizer, posts);
  const last = virtualizer.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    const follow = () => feed.setFollowing(window.scrollY <= AT_TOP, last);
    follow();
    addEventListener('scroll', follow, { passive: true });
    return () => removeEventListener('scroll', follow);
  }, [feed, last]);
  useEffect(() => {
    if (posts.length > 0 && last >= posts.length - FETCH_AHEAD) void feed.loadOlder();
  }, [feed, last, posts.length]);
  return virtualizer;
}
