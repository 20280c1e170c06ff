import type { JSX } from 'react';

/** Posts that are on their way. */
export function Skeleton(): JSX.Element {
  return (
    <div aria-hidden="true" className="breathes">
      {[0.9, 0.6, 0.75, 0.5].map((width) => (
        <div key={width} className="flex gap-3 border-b border-line px-4 py-5 sm:px-6">
          <div className="size-11 rounded-xl bg-raised" />
          <div className="grid grow gap-3 py-1">
            <div className="h-3 w-40 rounded-full bg-raised" />
            <div className="h-3 rounded-full bg-raised" style={{ width: `${width * 100}%` }} />
            <div className="h-3 rounded-full bg-raised" style={{ width: `${width * 70}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}
