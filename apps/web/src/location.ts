import type { Filter } from '@hub/client';
import { readFilter, writeFilter } from './filter/filter-url.ts';
import { Observable } from './observable.ts';

/** What the address says: which posts, and whether on a wall. */
export interface Place {
  search: string;
  filter: Filter;
  isWall: boolean;
}

function here(): Place {
  const parameters = new URLSearchParams(location.search);
  return { search: location.search, filter: readFilter(parameters), isWall: parameters.get('view') === 'wall' };
}

/** The place that the address names; follows the browser's way back and forth. */
export const place = new Observable<Place>(here());

addEventListener('popstate', () => place.set(here()));

/** The address of a place, from the page's own on. */
export function addressOf(filter: Filter, isWall = false): string {
  const parameters = writeFilter(filter);
  if (isWall) parameters.set('view', 'wall');
  const query = parameters.toString();
  return query === '' ? location.pathname : `?${query}`;
}

export function go(filter: Filter, isWall = place.value.isWall): void {
  const address = addressOf(filter, isWall);
  if (address === (location.search || location.pathname)) return;
  history.pushState(null, '', address);
  place.set(here());
}
