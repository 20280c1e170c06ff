import type { JSX } from 'react';
import { useFeed } from '../context.ts';

const LOOKS = {
  live: ['Live', 'bg-accent', 'text-accent'],
  paused: ['Paused', 'bg-sun', 'text-sun'],
  waiting: ['In line', 'bg-sun', 'text-sun'],
  lagging: ['Catching up', 'bg-sun', 'text-sun'],
  connecting: ['Connecting', 'bg-strong breathes', 'text-muted'],
  offline: ['Offline', 'bg-strong', 'text-muted'],
  stopped: ['Stopped', 'bg-rust', 'text-rust'],
} as const;

/** How the page stands with the hub, in a word. */
export function ConnectionLight(): JSX.Element {
  const state = useFeed(({ connection, isPaused, problem }) => {
    if (problem !== undefined && !problem.retryable) return 'stopped';
    return connection === 'live' && isPaused ? 'paused' : connection;
  });
  const [words, dot, text] = LOOKS[state];
  return (
    <p data-connection={state} className={`inline-flex items-center gap-2 text-sm font-bold ${text}`}>
      <span aria-hidden="true" className={`size-2.5 rounded-full ${dot}`} />
      {words}
    </p>
  );
}
