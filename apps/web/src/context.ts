import { createContext, useContext } from 'react';
import type { FeedState } from './feed/feed-state.ts';
import type { FeedStore } from './feed/feed-store.ts';
import { useObservable } from './observable.ts';
import type { Pulse } from './pulse/pulse.ts';

/** What the page is about, for all its parts. */
export interface Hub {
  feed: FeedStore;
  pulse: Pulse;
}

export const HubContext = createContext<Hub | undefined>(undefined);

export function useHub(): Hub {
  const hub = useContext(HubContext);
  if (hub === undefined) throw new Error('This part of the page stands outside of its HubContext.');
  return hub;
}

/** The feed's state, or what is chosen of it. */
export function useFeed<U = FeedState>(choose?: (state: FeedState) => U): U {
  return useObservable(useHub().feed, choose);
}
