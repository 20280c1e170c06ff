import { lazy, Suspense, useMemo, useState, type JSX } from 'react';
import { useHub } from '../context.ts';
import { EmptyFeed } from '../feed/empty-feed.tsx';
import { FeedList } from '../feed/feed-list.tsx';
import { NewPosts, useReveal } from '../feed/new-posts.tsx';
import { Notices } from '../feed/notices.tsx';
import { FilterBar } from '../filter/filter-bar.tsx';
import { SavedViews } from '../filter/saved-views.tsx';
import { go, place } from '../location.ts';
import { DisplayForm } from '../settings/display-form.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Brand } from './brand.tsx';
import { ConnectionLight } from './connection-light.tsx';
import { PhoneBar, type Sheet } from './phone-bar.tsx';
import { Rail } from './rail.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { Simulated } from './simulated.tsx';
import { useWide } from './use-wide.ts';
import { pressInPost, stepToPost, useKeys } from './use-keys.ts';

const PulsePanel = lazy(() => import('../pulse/pulse-panel.tsx').then(({ PulsePanel }) => ({ default: PulsePanel })));

const TITLES: Record<Sheet, string> = { views: 'Views', pulse: 'Pulse', display: 'Display', keys: 'Keys' };

function toWall(): void {
  go(place.value.filter, true);
}

function SheetContent({ sheet }: { sheet: Sheet }): JSX.Element {
  if (sheet === 'views') return <SavedViews />;
  if (sheet === 'display') {
    return (
      <div className="grid gap-5">
        <DisplayForm />
        <Button icon="screen" className="justify-center" onClick={toWall}>
          Wall
        </Button>
      </div>
    );
  }
  return sheet === 'keys' ? (
    <Shortcuts />
  ) : (
    <Suspense>
      <PulsePanel />
    </Suspense>
  );
}

function usePageKeys(onHelp: () => void): void {
  const { feed } = useHub();
  const reveal = useReveal();
  const keys = useMemo(
    () => ({
      j: () => stepToPost(1),
      k: () => stepToPost(-1),
      o: () => pressInPost('[data-original]'),
      x: () => pressInPost('[data-cover]'),
      '.': reveal,
      '/': () => document.querySelector<HTMLElement>('#search')?.focus(),
      ' ': () => feed.setPaused(!feed.value.isPaused),
      w: toWall,
      '?': onHelp,
    }),
    [feed, reveal, onHelp],
  );
  useKeys(keys);
}

/** The posts, with what belongs to them above; on a phone also who this is. */
function FeedColumn(): JSX.Element {
  return (
    <main className="min-h-dvh min-w-0 border-line bg-surface pb-20 sm:border-x wide:pb-0">
      <div className="flex items-center justify-between px-4 pt-4 pb-1 sm:px-6 wide:hidden">
        <Brand />
        <ConnectionLight />
      </div>
      <div className="sticky top-0 z-10 bg-surface">
        <FilterBar />
        <Notices />
        <div className="pointer-events-none absolute inset-x-0 top-full z-10 flex justify-center pt-3">
          <NewPosts />
        </div>
      </div>
      <Simulated />
      <EmptyFeed />
      <FeedList />
    </main>
  );
}

/** The page for one reader: posts in the middle, views on the one side, the pulse on the other. */
export function Page(): JSX.Element {
  const [sheet, setSheet] = useState<Sheet>();
  const isWide = useWide();
  const reveal = useReveal();
  usePageKeys(() => setSheet('keys'));
  return (
    <>
      <div className="mx-auto grid max-w-[84rem] wide:grid-cols-[15.5rem_minmax(0,1fr)_21rem]">
        {isWide && (
          <header className="sticky top-0 h-dvh overflow-y-auto pe-4">
            <Rail onWall={toWall} onHelp={() => setSheet('keys')} />
          </header>
        )}
        <FeedColumn />
        {isWide && (
          <aside aria-label="Pulse" className="sticky top-0 h-dvh overflow-y-auto px-6 py-6" tabIndex={0}>
            <Suspense>
              <PulsePanel />
            </Suspense>
          </aside>
        )}
      </div>
      <PhoneBar onOpen={setSheet} onTop={reveal} />
      {sheet && (
        <Dialog title={TITLES[sheet]} onClose={() => setSheet(undefined)}>
          <SheetContent sheet={sheet} />
        </Dialog>
      )}
    </>
  );
}
