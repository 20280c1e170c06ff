import { useEffect, useMemo, useRef, useState, type JSX } from 'react';
import type { Post } from '@hub/client';
import { useFeed, useHub } from '../context.ts';
import { EmptyFeed } from '../feed/empty-feed.tsx';
import { filterTitle } from '../filter/filter-words.ts';
import { go, place } from '../location.ts';
import { useObservable } from '../observable.ts';
import { useTick } from '../pulse/use-tick.ts';
import { useKeys } from '../shell/use-keys.ts';
import { ConnectionLight } from '../shell/connection-light.tsx';
import { Button } from '../ui/button.tsx';
import { Featured, Side } from './wall-post.tsx';
import { fitsWall, nextOnWall } from './wall-queue.ts';

const ADVANCE_MS = 9000;
const BESIDE = 4;
const TAGS = 8;
const TAG_SECONDS = 900;
const AMONG = 60;

/** The post that is featured now; goes on by itself unless paused. */
function useFeatured(isPaused: boolean): Post | undefined {
  const { feed } = useHub();
  const hasPosts = useFeed(({ posts }) => posts.some(fitsWall));
  const [id, setId] = useState<string>();
  const shown = useRef(new Set<string>());
  useEffect(() => {
    if (!hasPosts || isPaused) return;
    const advance = () =>
      setId((present) => {
        const next = nextOnWall(feed.value.posts.slice(0, AMONG), shown.current, present);
        if (next !== undefined) shown.current.add(next.id);
        return next?.id;
      });
    advance();
    const timer = setInterval(advance, ADVANCE_MS);
    return () => clearInterval(timer);
  }, [feed, hasPosts, isPaused]);
  return useFeed(({ posts }) => posts.find((post) => post.id === id));
}

function WallFoot(): JSX.Element {
  const { pulse } = useHub();
  useTick(5000);
  const tags = pulse.top('hashtags', TAG_SECONDS, TAGS);
  return (
    <footer className="flex items-center gap-[3vmin] overflow-hidden text-[2.4vmin] whitespace-nowrap text-muted">
      <ConnectionLight />
      <span className="font-bold text-ink tabular-nums">{pulse.rate(10).toFixed(1)} posts a second</span>
      {tags.map(([tag]) => (
        <bdi key={tag}>#{tag}</bdi>
      ))}
    </footer>
  );
}

function WallHead({ isPaused, onPause }: { isPaused: boolean; onPause: () => void }): JSX.Element {
  const filter = useObservable(place, (value) => value.filter);
  const isFiltered = Object.keys(filter).length > 0;
  useTick(10_000);
  return (
    <header className="flex items-center gap-[2vmin]">
      <img src="./icon.svg" alt="" className="size-[6vmin]" />
      <h1 className="truncate text-[4vmin] font-extrabold tracking-tight">
        The live Fediverse
        {isFiltered && <span className="ms-[2vmin] font-semibold text-accent">{filterTitle(filter)}</span>}
      </h1>
      <span className="ms-auto flex items-center gap-1 opacity-40 transition-opacity focus-within:opacity-100 hover:opacity-100">
        <Button look="quiet" icon={isPaused ? 'play' : 'pause'} isIconOnly aria-pressed={isPaused} onClick={onPause}>
          Pause
        </Button>
        <Button look="quiet" icon="close" isIconOnly onClick={() => go(filter, false)}>
          Leave the wall
        </Button>
      </span>
      <time className="text-[4vmin] font-bold tabular-nums">
        {new Date().toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })}
      </time>
    </header>
  );
}

/** For an event's screen: one post in large type, the newest beside it, nothing to press. */
export function Wall(): JSX.Element {
  const { feed } = useHub();
  const [isPaused, setPaused] = useState(false);
  const featured = useFeatured(isPaused);
  const posts = useFeed(({ posts }) => posts);
  const beside = posts
    .slice(0, AMONG)
    .filter((post) => fitsWall(post) && post.id !== featured?.id)
    .slice(0, BESIDE);
  const keys = useMemo(
    () => ({
      ' ': () => setPaused((was) => !was),
      Escape: () => go(place.value.filter, false),
      w: () => go(place.value.filter, false),
    }),
    [],
  );
  useKeys(keys);
  useEffect(() => feed.setFollowing(true, 0), [feed]);
  return (
    <div className="grid h-dvh grid-rows-[auto_minmax(0,1fr)_auto] gap-[3vmin] overflow-hidden bg-ground p-[4vmin]">
      <WallHead isPaused={isPaused} onPause={() => setPaused(!isPaused)} />
      <main className="grid min-h-0 gap-[4vmin] landscape:grid-cols-[minmax(0,1.9fr)_minmax(0,1fr)]">
        {featured === undefined ? <EmptyFeed /> : <Featured key={featured.id} post={featured} />}
        <ol
          aria-label="The newest posts"
          className="grid min-h-0 content-start gap-[2vmin] overflow-hidden portrait:hidden"
        >
          {beside.map((post) => (
            <Side key={post.id} post={post} />
          ))}
        </ol>
      </main>
      <WallFoot />
    </div>
  );
}
