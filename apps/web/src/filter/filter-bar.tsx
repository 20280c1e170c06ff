import { useEffect, useState, type JSX } from 'react';
import { useFeed, useHub } from '../context.ts';
import { go } from '../location.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { FilterForm } from './filter-form.tsx';
import { filterParts } from './filter-words.ts';
import { useFilter } from './use-filter.ts';

function Search(): JSX.Element {
  const [filter, set] = useFilter();
  const given = filter.keyword?.join(', ') ?? '';
  const [text, setText] = useState(given);
  useEffect(() => setText(given), [given]);
  return (
    <form
      role="search"
      className="relative min-w-0 grow"
      onSubmit={(event) => {
        event.preventDefault();
        const words = text.split(',').map((word) => word.trim());
        set(
          'keyword',
          words.filter((word) => word !== ''),
        );
      }}
    >
      <Icon
        name="search"
        className="pointer-events-none absolute top-1/2 left-3 size-4.5 -translate-y-1/2 text-muted"
      />
      <input
        id="search"
        type="search"
        aria-label="Search words, in stored and new posts"
        placeholder="Search words, now and back in time"
        className="h-10 w-full rounded-xl border border-transparent bg-raised pr-3 pl-10 placeholder:text-muted focus:border-strong"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === '' && given !== '') set('keyword', undefined);
        }}
      />
    </form>
  );
}

/** What the view is narrowed to; each part can be taken back. */
function Parts(): JSX.Element | null {
  const [filter] = useFilter();
  const parts = filterParts(filter);
  if (parts.length === 0) return null;
  return (
    <ul aria-label="Shown are only posts with" className="flex flex-wrap gap-2">
      {parts.map(({ key, words, without }) => (
        <li key={key}>
          <button
            type="button"
            className="inline-flex min-h-8 items-center gap-1.5 rounded-full bg-accent-soft ps-3 pe-2 text-sm font-semibold text-accent hover:brightness-95"
            onClick={() => go(without)}
          >
            <span className="sr-only">Remove: </span>
            <bdi>{words}</bdi>
            <Icon name="close" className="size-3.5" />
          </button>
        </li>
      ))}
      {parts.length > 1 && (
        <li>
          <button
            type="button"
            className="min-h-8 px-1 text-sm font-semibold text-muted underline"
            onClick={() => go({})}
          >
            Clear all
          </button>
        </li>
      )}
    </ul>
  );
}

/** Search, filters and pause, above the posts. */
export function FilterBar(): JSX.Element {
  const { feed } = useHub();
  const isPaused = useFeed((state) => state.isPaused);
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="grid gap-3 border-b border-line px-4 py-3 sm:px-6">
      <div className="flex items-center gap-1">
        <Search />
        <Button
          look="quiet"
          icon="sliders"
          isIconOnly
          aria-expanded={isOpen}
          aria-controls="filters"
          onClick={() => setOpen(!isOpen)}
        >
          Filters
        </Button>
        <Button
          look="quiet"
          icon={isPaused ? 'play' : 'pause'}
          isIconOnly
          aria-pressed={isPaused}
          onClick={() => feed.setPaused(!isPaused)}
        >
          Pause
        </Button>
      </div>
      <Parts />
      <div id="filters" hidden={!isOpen} className="max-h-[60vh] overflow-y-auto pb-1">
        {isOpen && <FilterForm />}
      </div>
    </div>
  );
}
