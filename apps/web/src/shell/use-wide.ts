import { useSyncExternalStore } from 'react';

/** As wide as the style sheet's `wide`. */
const wide = matchMedia('(width >= 76rem)');

function listen(listener: () => void): () => void {
  wide.addEventListener('change', listener);
  return () => wide.removeEventListener('change', listener);
}

/** Whether there is room beside the posts. */
export function useWide(): boolean {
  return useSyncExternalStore(listen, () => wide.matches);
}
