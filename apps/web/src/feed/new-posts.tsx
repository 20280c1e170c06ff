import type { JSX } from 'react';
import { useFeed, useHub } from '../context.ts';
import { Icon } from '../ui/icon.tsx';
import { count } from '../words.ts';

/** Shows what waits, from the top. */
export function useReveal(): () => void {
  const { feed } = useHub();
  return () => {
    // First, so that the posts that come above do not keep those that were read in their place.
    window.scrollTo({ top: 0, behavior: 'instant' });
    // In the next frame the list has been told that it was scrolled.
    requestAnimationFrame(() => feed.reveal());
  };
}

/** The button behind which new posts wait. */
export function NewPosts(): JSX.Element | null {
  const reveal = useReveal();
  const waiting = useFeed((state) => state.waiting);
  const isDetached = useFeed((state) => state.isDetached);
  if (waiting === 0) return null;
  return (
    <button
      type="button"
      onClick={reveal}
      className="arrives pointer-events-auto inline-flex min-h-10 items-center gap-2 rounded-full bg-accent px-4 font-bold text-accent-ink shadow-lg tabular-nums hover:brightness-110"
    >
      <Icon name="arrowUp" className="size-4" />
      {count(waiting)} new {waiting === 1 ? 'post' : 'posts'}
      {isDetached && ' · back to now'}
    </button>
  );
}
