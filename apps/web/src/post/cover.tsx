import type { JSX, ReactNode } from 'react';
import { useOpened } from '../ui/remembered.ts';

/** A content warning and what it covers, behind Mastodon's button. */
export function ContentWarning({
  id,
  warning,
  children,
}: {
  id: string;
  warning: ReactNode;
  children: ReactNode;
}): JSX.Element {
  const [isOpen, setOpen] = useOpened(`cw:${id}`);
  return (
    <div>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span dir="auto">{warning}</span>
        <button
          type="button"
          data-cover=""
          aria-expanded={isOpen}
          className="min-h-6 rounded-md bg-sun-soft px-2 py-0.5 text-sm font-bold text-sun hover:brightness-95"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Show less' : 'Show more'}
        </button>
      </p>
      {isOpen && <div className="mt-3">{children}</div>}
    </div>
  );
}
