import type { JSX, ReactNode } from 'react';
import { useFeed, useHub } from '../context.ts';
import { go, place } from '../location.ts';
import { useObservable } from '../observable.ts';
import { Button } from '../ui/button.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';

interface PanelProps {
  icon: IconName;
  title: string;
  children: ReactNode;
}

function Panel({ icon, title, children }: PanelProps): JSX.Element {
  return (
    <section className="grid justify-items-center gap-3 px-6 py-20 text-center">
      <span className="grid size-16 place-items-center rounded-3xl bg-accent-soft text-accent">
        <Icon name={icon} className="size-8" />
      </span>
      <h2 className="text-xl font-bold text-balance">{title}</h2>
      <div className="grid max-w-sm justify-items-center gap-4 text-pretty text-muted">{children}</div>
    </section>
  );
}

function Skeleton(): JSX.Element {
  return (
    <div aria-hidden="true" className="breathes">
      {[0.9, 0.6, 0.75, 0.5].map((width) => (
        <div key={width} className="flex gap-3 border-b border-line px-4 py-5 sm:px-6">
          <div className="size-11 rounded-xl bg-raised" />
          <div className="grid grow gap-3 py-1">
            <div className="h-3 w-40 rounded-full bg-raised" />
            <div className="h-3 rounded-full bg-raised" style={{ width: `${width * 100}%` }} />
            <div className="h-3 rounded-full bg-raised" style={{ width: `${width * 70}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}

/** What stands where there are no posts: they are on their way, there are none, or the hub does not answer. */
export function EmptyFeed(): JSX.Element | null {
  const { feed } = useHub();
  const { posts, phase, problem, waiting } = useFeed();
  const isFiltered = useObservable(place, ({ filter }) => Object.keys(filter).length > 0);
  if (posts.length > 0) return null;
  if (phase === 'ready' && waiting > 0)
    return (
      <Panel icon="pause" title="Paused">
        New posts wait above.
      </Panel>
    );
  if (phase === 'ready') {
    return (
      <Panel icon={isFiltered ? 'filter' : 'waves'} title={isFiltered ? 'Nothing like this yet' : 'No posts yet'}>
        <p>
          {isFiltered
            ? 'The hub holds no post that passes all of this view. New ones appear here by themselves.'
            : 'As soon as somebody writes, it appears here by itself.'}
        </p>
        {isFiltered && <Button onClick={() => go({})}>Show all posts</Button>}
      </Panel>
    );
  }
  if (problem === undefined) return <Skeleton />;
  if (problem.code === 'unauthorized' || problem.code === 'forbidden') {
    return (
      <Panel icon="eye" title="This hub is not open to everyone">
        <p>Ask whoever runs it for access. {problem.message}</p>
        <Button onClick={() => feed.start()}>Try again</Button>
      </Panel>
    );
  }
  if (problem.retryable) {
    return (
      <Panel icon="waves" title={navigator.onLine ? 'The hub does not answer' : 'You are offline'}>
        <p>
          {navigator.onLine ? 'It may be starting again.' : 'The hub is out of reach.'} This page tries again by itself,
          and goes on from there.
        </p>
        <Button onClick={() => feed.start()}>Try now</Button>
      </Panel>
    );
  }
  return (
    <Panel icon="warn" title="This view cannot be shown">
      <p>{problem.message}</p>
      <Button onClick={() => (isFiltered ? go({}) : feed.start())}>
        {isFiltered ? 'Show all posts' : 'Try again'}
      </Button>
    </Panel>
  );
}
