import type { JSX } from 'react';

const KEYS = [
  ['j', 'Next post'],
  ['k', 'Previous post'],
  ['o', 'Open the original'],
  ['x', 'Show or hide what is covered'],
  ['/', 'Search'],
  ['.', 'Show new posts, from the top'],
  ['Space', 'Pause, and go on'],
  ['w', 'Wall, for a screen that many look at'],
  ['?', 'These keys'],
] as const;

export function Shortcuts(): JSX.Element {
  return (
    <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2.5">
      {KEYS.map(([key, words]) => (
        <div key={key} className="contents">
          <dt>
            <kbd className="inline-block min-w-9 rounded-lg border border-line bg-raised px-2 py-0.5 text-center font-sans text-sm font-bold shadow-sm">
              {key}
            </kbd>
          </dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
