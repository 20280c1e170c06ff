import { useEffect, useReducer } from 'react';

/** Renders again every so many milliseconds while the page is looked at. */
export function useTick(ms: number): void {
  const [, again] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || again(), ms);
    return () => clearInterval(timer);
  }, [ms]);
}
