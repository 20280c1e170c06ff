import type { JSX } from 'react';
import { go, place } from '../location.ts';
import { useObservable } from '../observable.ts';
import { savedViews } from '../settings/settings.ts';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { readFilter, writeFilter } from './filter-url.ts';
import { filterTitle } from './filter-words.ts';

interface ViewLinkProps {
  name: string;
  search: string;
  isHere: boolean;
  onRemove?: () => void;
}

function ViewLink({ name, search, isHere, onRemove }: ViewLinkProps): JSX.Element {
  return (
    <li className={`group flex items-center rounded-xl ${isHere ? 'bg-accent-soft' : 'hover:bg-raised'}`}>
      <a
        href={`?${search}`}
        aria-current={isHere ? 'page' : undefined}
        className={`min-h-10 min-w-0 grow truncate px-3.5 py-2 font-semibold ${isHere ? 'text-accent' : ''}`}
        onClick={(event) => {
          event.preventDefault();
          go(readFilter(new URLSearchParams(search)));
        }}
      >
        <bdi>{name}</bdi>
      </a>
      {onRemove && (
        <button
          type="button"
          className="mr-1 grid size-8 place-items-center rounded-lg text-muted hover:text-ink"
          onClick={onRemove}
        >
          <Icon name="close" className="size-4" />
          <span className="sr-only">Forget the view {name}</span>
        </button>
      )}
    </li>
  );
}

/** Views to begin with. */
const STARTERS = [
  { name: 'All posts', search: '' },
  { name: 'Pictures', search: 'media=image' },
  { name: 'No replies, no bots', search: 'bot=false&reply=false' },
];

function SaveView({ name, search }: { name: string; search: string }): JSX.Element {
  const save = () => savedViews.set([...savedViews.value, { name, search }]);
  return (
    <Button look="quiet" icon="save" onClick={save}>
      Save this view
    </Button>
  );
}

/** Views that are kept in this browser, and a way to keep the present one. */
export function SavedViews(): JSX.Element {
  const views = useObservable(savedViews);
  const filter = useObservable(place, (value) => value.filter);
  const search = writeFilter(filter).toString();
  const isKnown = [...STARTERS, ...views].some((view) => view.search === search);
  return (
    <nav aria-label="Views" className="grid gap-1">
      <ul className="grid gap-1">
        {STARTERS.map((view) => (
          <ViewLink key={view.search} {...view} isHere={view.search === search} />
        ))}
        {views.map((view) => (
          <ViewLink
            key={view.search}
            {...view}
            isHere={view.search === search}
            onRemove={() => savedViews.set(views.filter((other) => other !== view))}
          />
        ))}
      </ul>
      {!isKnown && <SaveView search={search} name={filterTitle(filter)} />}
    </nav>
  );
}
