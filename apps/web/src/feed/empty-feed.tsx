import type { HubClientError } from '@hub/client';
import type { JSX } from 'react';
import { TokenForm } from '../access/token-form.tsx';
import { useFeed, useHub } from '../context.ts';
import { go, place } from '../location.ts';
import { useObservable } from '../observable.ts';
import { Button } from '../ui/button.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from './skeleton.tsx';

function Nothing({ isFiltered }: { isFiltered: boolean }): JSX.Element {
  const isWaiting = useFeed(({ waiting }) => waiting > 0);
  if (isWaiting) {
    return (
      <Panel icon="pause" title="Paused">
        New posts wait above.
      </Panel>
    );
  }
  if (!isFiltered) {
    return (
      <Panel icon="waves" title="No posts yet">
        As soon as somebody writes, it appears here by itself.
      </Panel>
    );
  }
  return (
    <Panel icon="filter" title="Nothing like this yet">
      <p>The hub holds no post that passes all of this view. New ones appear here by themselves.</p>
      <Button onClick={() => go({})}>Show all posts</Button>
    </Panel>
  );
}

function OutOfReach({ onRetry }: { onRetry: () => void }): JSX.Element {
  const isOnline = navigator.onLine;
  return (
    <Panel icon="waves" title={isOnline ? 'The hub does not answer' : 'You are offline'}>
      <p>
        {isOnline ? 'It may be starting again.' : 'The hub is out of reach.'} This page tries again by itself, and goes
        on from there.
      </p>
      <Button onClick={onRetry}>Try now</Button>
    </Panel>
  );
}

interface ProblemProps {
  problem: HubClientError;
  isFiltered: boolean;
}

function Problem({ problem, isFiltered }: ProblemProps): JSX.Element {
  const { feed } = useHub();
  const again = () => feed.start();
  if (problem.retryable) return <OutOfReach onRetry={again} />;
  if (problem.code === 'unauthorized' || problem.code === 'forbidden') {
    return (
      <Panel icon="eye" title="This hub is not open to everyone">
        <p>{problem.message} Whoever runs it can give you a key.</p>
        <TokenForm />
      </Panel>
    );
  }
  return (
    <Panel icon="warn" title="This view cannot be shown">
      <p>{problem.message}</p>
      {isFiltered ? <Button onClick={() => go({})}>Show all posts</Button> : <Button onClick={again}>Try again</Button>}
    </Panel>
  );
}

/** What stands where there are no posts: they are on their way, there are none, or the hub does not answer. */
export function EmptyFeed(): JSX.Element | null {
  const { posts, phase, problem } = useFeed();
  const isFiltered = useObservable(place, ({ filter }) => Object.keys(filter).length > 0);
  if (posts.length > 0) return null;
  if (phase === 'ready') return <Nothing isFiltered={isFiltered} />;
  return problem === undefined ? <Skeleton /> : <Problem problem={problem} isFiltered={isFiltered} />;
}
