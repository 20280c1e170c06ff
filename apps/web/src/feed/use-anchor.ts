import type { Post } from '@hub/client';
import type { Virtualizer } from '@tanstack/react-virtual';
import { useLayoutEffect, useRef } from 'react';

/** Within this distance of the top new posts push the others down. Pixels. */
const AT_TOP = 80;

/** Keeps the post that is read where it is when posts above it come or go. */
export function useAnchor(virtualizer: Virtualizer<Window, Element>, posts: readonly Post[]): void {
  const before = useRef<{ posts: readonly Post[]; id: string; top: number }>(undefined);
  useLayoutEffect(() => {
    const anchor = before.current;
    if (anchor === undefined || anchor.posts === posts || window.scrollY <= AT_TOP) return;
    const index = posts.findIndex(({ id }) => id === anchor.id);
    const start = index < 0 ? undefined : virtualizer.measurementsCache[index]?.start;
    if (start !== undefined && start !== anchor.top) window.scrollBy({ top: start - anchor.top, behavior: 'instant' });
  }, [virtualizer, posts]);
  useLayoutEffect(() => {
    const item = virtualizer.getVirtualItemForOffset(window.scrollY);
    const id = item === undefined ? undefined : posts[item.index]?.id;
    before.current = id === undefined || item === undefined ? undefined : { posts, id, top: item.start };
  });
}
