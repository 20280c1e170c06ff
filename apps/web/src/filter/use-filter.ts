import type { Filter } from '@hub/client';
import { go, place } from '../location.ts';
import { useObservable } from '../observable.ts';
import { withField } from './filter-url.ts';

/** The filter of the address, and the way to change one field of it. */
export function useFilter(): [Filter, <K extends keyof Filter>(name: K, value: Filter[K] | undefined) => void] {
  const filter = useObservable(place, (value) => value.filter);
  return [filter, (name, value) => go(withField(filter, name, value))];
}
