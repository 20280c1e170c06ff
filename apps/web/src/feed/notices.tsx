import { useEffect, useState, type JSX, type ReactNode } from 'react';
import { useFeed, useHub } from '../context.ts';
import { Button } from '../ui/button.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';

const SHOWN_MS = 12_000;

function Line({ icon, look, children }: { icon: IconName; look: string; children: ReactNode }): JSX.Element {
  return (
    <div
      className={`flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2.5 text-sm sm:px-6 ${look}`}
    >
      <Icon name={icon} className="size-4" />
      {children}
    </div>
  );
}

/** The page fell so far behind that what lies between is gone: the reader decides how to go on. */
function TooOld({ oldest }: { oldest: string | undefined }): JSX.Element {
  const { feed } = useHub();
  return (
    <Line icon="warn" look="bg-sun-soft text-sun">
      <p className="grow basis-64">
        <strong>You were away for longer than the hub remembers.</strong> Some changes of that time are gone.
      </p>
      {oldest !== undefined && <Button onClick={() => feed.goOnFrom(oldest)}>Go on from the oldest kept</Button>}
      <Button look="strong" onClick={() => feed.start()}>
        Start from now
      </Button>
    </Line>
  );
}

/** One quiet line about the feed: it was caught up, it is being connected, it needs a decision. */
export function Notices(): JSX.Element | null {
  const { feed } = useHub();
  const { notice, problem, connection, phase, posts } = useFeed();
  const [isOver, setOver] = useState(0);
  useEffect(() => {
    if (notice === undefined) return;
    const timer = setTimeout(() => setOver(notice.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  if (problem?.code === 'cursor_too_old') return <TooOld oldest={problem.oldest} />;
  if (problem !== undefined && !problem.retryable && posts.length > 0) {
    return (
      <Line icon="warn" look="bg-rust-soft text-rust">
        <p className="grow">{problem.message}</p>
        <Button onClick={() => feed.start()}>Try again</Button>
      </Line>
    );
  }
  if ((connection === 'connecting' || connection === 'offline') && phase === 'ready') {
    return (
      <Line icon="waves" look="text-muted">
        <p className="breathes">
          {connection === 'offline' ? 'You are offline.' : 'Connecting again …'} The feed will go on where it stopped.
        </p>
      </Line>
    );
  }
  if (notice === undefined || isOver === notice.id) return null;
  return (
    <Line icon="check" look="arrives text-muted">
      <p>{notice.text}</p>
    </Line>
  );
}
