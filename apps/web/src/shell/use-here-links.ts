import { useEffect } from 'react';
import { go } from '../location.ts';
import { readFilter } from '../filter/filter-url.ts';

/** Links into this page change the view without loading the page anew. */
export function useHereLinks(): void {
  useEffect(() => {
    const follow = (event: MouseEvent) => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const link = event.target instanceof Element ? event.target.closest('a[data-here]') : null;
      if (!(link instanceof HTMLAnchorElement)) return;
      event.preventDefault();
      go(readFilter(new URL(link.href).searchParams));
      window.scrollTo({ top: 0, behavior: 'instant' });
    };
    addEventListener('click', follow);
    return () => removeEventListener('click', follow);
  }, []);
}
