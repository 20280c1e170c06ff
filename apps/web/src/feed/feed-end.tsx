import type { JSX } from 'react';
import { useFeed, useHub } from '../context.ts';
import { Button } from '../ui/button.tsx';

/** What stands below the last post. */
export function FeedEnd(): JSX.Element | null {
  const { feed } = useHub();
  const older = useFeed((state) => state.older);
  const isEmpty = useFeed(({ posts }) => posts.length === 0);
  if (isEmpty) return null;
  const look = 'flex min-h-24 items-center justify-center gap-4 px-6 py-8 text-center text-sm text-muted';
  if (older === 'end') return <p className={look}>These are the oldest posts that the hub keeps for this view.</p>;
  if (older === 'failed') {
    return (
      <div className={look}>
        Older posts could not be read.
        <Button onClick={() => void feed.loadOlder()}>Try again</Button>
      </div>
    );
  }
  return (
    <p className={look}>
      <span className="breathes">Older posts …</span>
    </p>
  );
}
