import type { JSX, ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

interface PanelProps {
  icon: IconName;
  title: string;
  children: ReactNode;
}

/** What stands where there is nothing else to show: what is the case, and what to do. */
export function Panel({ icon, title, children }: PanelProps): JSX.Element {
  return (
    <section className="grid justify-items-center gap-3 px-6 py-20 text-center">
      <span className="grid size-16 place-items-center rounded-3xl bg-accent-soft text-accent">
        <Icon name={icon} className="size-8" />
      </span>
      <h2 className="text-xl font-bold text-balance">{title}</h2>
      <div className="grid max-w-sm justify-items-center gap-4 text-pretty text-muted">{children}</div>
    </section>
  );
}
