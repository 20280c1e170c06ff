import type { JSX } from 'react';

/** Line drawings on a grid of 20. */
const PATHS = {
  arrowUp: 'M10 16V4M4.5 9.5 10 4l5.5 5.5',
  boost: 'M5 12V7a2 2 0 0 1 2-2h7M12 3l2.5 2L12 7M15 8v5a2 2 0 0 1-2 2H6M8 17l-2.5-2L8 13',
  bot: 'M4 8.5h12v7H4zM10 8.5V5M8 12v.01M12 12v.01',
  chart: 'M3 16h14M5.5 13V9M10 13V4.5M14.5 13V7',
  check: 'M4.5 10.5 8.5 14.5 15.5 6',
  close: 'M5 5l10 10M15 5 5 15',
  eye: 'M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 8v4M8 10h4',
  filter: 'M3 5h14M5.5 10h9M8 15h4',
  image: 'M3 4.5h14v11H3zM3 13l4-4 4 4 2-2 4 3.5',
  keyboard: 'M2.5 5.5h15v9h-15zM6 8.5v.01M10 8.5v.01M14 8.5v.01M6.5 11.5h7',
  link: 'M8 12 15.5 4.5M11 4.5h4.5V9M13 11v4.5H4.5V7H9',
  moon: 'M16 12A6.5 6.5 0 0 1 8 4a6.5 6.5 0 1 0 8 8z',
  pause: 'M7 5v10M13 5v10',
  pencil: 'M4 16l1-4 8-8 3 3-8 8zM11.5 5.5l3 3',
  play: 'M7 4.5 15 10l-8 5.5z',
  poll: 'M3.5 6h11M3.5 10h7M3.5 14h13',
  quote: 'M4 13V9a3 3 0 0 1 3-3M4 13h4V9H4M12 13V9a3 3 0 0 1 3-3M12 13h4V9h-4',
  reply: 'M8 5 3.5 9.5 8 14M4 9.5h7a5 5 0 0 1 5 5V16',
  save: 'M5.5 3.5h9V17L10 13.5 5.5 17z',
  screen: 'M2.5 4h15v9.5h-15zM7 17h6M10 13.5V17',
  search: 'M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13 13l4 4',
  sliders: 'M3 6h8M15 6h2M13 4v4M3 14h2M9 14h8M7 12v4',
  warn: 'M10 3 17.5 16.5h-15zM10 8.5v3.5M10 14.2v.01',
  waves:
    'M3 8c2.3 0 2.3-2 4.7-2s2.3 2 4.6 2S14.700 6 17 6M3 13.500c2.3 0 2.300-2 4.700-2s2.300 2 4.600 2 2.400-2 4.700-2',
} as const;

export type IconName = keyof typeof PATHS;

/** A decoration: what it means is said beside it. */
export function Icon({ name, className = 'size-5' }: { name: IconName; className?: string }): JSX.Element {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 20 20"
      className={`shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
