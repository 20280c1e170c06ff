import { lazy, Suspense, type JSX } from 'react';
import { Announcer } from './feed/announcer.tsx';
import { place } from './location.ts';
import { useObservable } from './observable.ts';
import { Page } from './shell/page.tsx';
import { useHereLinks } from './shell/use-here-links.ts';

const Wall = lazy(() => import('./wall/wall.tsx').then(({ Wall }) => ({ default: Wall })));

export function App(): JSX.Element {
  const isWall = useObservable(place, (value) => value.isWall);
  useHereLinks();
  return (
    <>
      {isWall ? (
        <Suspense>
          <Wall />
        </Suspense>
      ) : (
        <Page />
      )}
      <Announcer />
    </>
  );
}
