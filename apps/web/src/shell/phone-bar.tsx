import type { JSX } from 'react';
import { Icon, type IconName } from '../ui/icon.tsx';

export type Sheet = 'views' | 'pulse' | 'display' | 'keys';

const ITEMS: readonly (readonly [Sheet, IconName, string])[] = [
  ['views', 'save', 'Views'],
  ['pulse', 'chart', 'Pulse'],
  ['display', 'moon', 'Display'],
];

/** The way to all that stands beside the posts on larger screens. */
export function PhoneBar({ onOpen, onTop }: { onOpen: (sheet: Sheet) => void; onTop: () => void }): JSX.Element {
  const look =
    'flex min-h-14 grow flex-col items-center justify-center gap-0.5 text-xs font-semibold text-muted hover:text-ink';
  return (
    <nav
      aria-label="Page"
      className="fixed inset-x-0 bottom-0 z-20 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] wide:hidden"
    >
      <button type="button" className={look} onClick={onTop}>
        <Icon name="waves" />
        Now
      </button>
      {ITEMS.map(([sheet, icon, words]) => (
        <button key={sheet} type="button" className={look} onClick={() => onOpen(sheet)}>
          <Icon name={icon} />
          {words}
        </button>
      ))}
    </nav>
  );
}
