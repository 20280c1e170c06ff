import type { JSX } from 'react';
import { useFeed } from '../context.ts';
import { Icon } from '../ui/icon.tsx';
import { useOpened } from '../ui/remembered.ts';

/** The simulator runs beside the hub. */
const LOOPBACK = /^(localhost|127\.|\[::1\]|simulator)/;

/** The hub reads its own simulator: nobody wrote these posts, and this is how to read a real server. */
export function Simulated(): JSX.Element | null {
  const isSimulated = useFeed(({ posts }) => posts.some(({ hub }, i) => i < 20 && LOOPBACK.test(hub.source)));
  const [isClosed, setClosed] = useOpened('simulated');
  if (!isSimulated || isClosed) return null;
  return (
    <aside aria-label="First steps" className="m-3 mb-0 rounded-2xl bg-sun-soft px-5 py-4 text-sm sm:mx-6 sm:mt-5">
      <div className="flex items-start justify-between gap-3">
        <p className="font-bold text-sun">These posts come from the built-in simulator: nobody wrote them.</p>
        <button
          type="button"
          className="-m-1 grid size-8 shrink-0 place-items-center rounded-lg text-sun hover:bg-surface"
          onClick={() => setClosed(true)}
        >
          <Icon name="close" className="size-4" />
          <span className="sr-only">Close</span>
        </button>
      </div>
      <p className="mt-1">
        To read a real server, put two lines into a file <code className="font-bold">.env</code> beside the hub and
        start it again:
      </p>
      <pre className="mt-2 overflow-x-auto rounded-lg bg-surface px-3 py-2 text-xs leading-relaxed" tabIndex={0}>
        MASTODON_SERVER=mastodon.example{'\n'}MASTODON_ACCESS_TOKEN=…
      </pre>
      <p className="mt-2 text-muted">
        The token is one of your account there: Preferences → Development → New application, scope read:statuses.
      </p>
    </aside>
  );
}
