import type { Filter } from '@hub/client';
import type { JSX } from 'react';
import { addressOf } from '../location.ts';
import { count } from '../words.ts';

interface TopListProps {
  title: string;
  rows: readonly [string, number][];
  words: (name: string) => string;
  /** What a row leads to. */
  filter: (name: string) => Filter;
}

/** What occurred most, each with a bar as long as its share of the first. */
export function TopList({ title, rows, words, filter }: TopListProps): JSX.Element {
  const most = rows[0]?.[1] ?? 1;
  return (
    <section>
      <h3 className="mb-2 text-sm font-bold">{title}</h3>
      {rows.length === 0 && <p className="text-sm text-muted">Nothing yet.</p>}
      <ol className="grid gap-0.5">
        {rows.map(([name, times]) => (
          <li key={name}>
            <a
              href={addressOf(filter(name))}
              data-here=""
              className="relative flex min-h-7 items-center justify-between gap-3 overflow-hidden rounded-md px-2 text-sm hover:bg-raised"
            >
              <span
                aria-hidden="true"
                className="absolute inset-y-0.5 left-0 rounded-md bg-accent-soft"
                style={{ width: `${(times / most) * 100}%` }}
              />
              <bdi className="relative truncate font-semibold">{words(name)}</bdi>
              <span className="relative text-muted tabular-nums">{count(times)}</span>
            </a>
          </li>
        ))}
      </ol>
    </section>
  );
}
