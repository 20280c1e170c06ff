import type { JSX } from 'react';
import { addressOf } from '../location.ts';

/** The hub's mark: two currents and a sun. */
export function Brand(): JSX.Element {
  return (
    <a href={addressOf({})} data-here="" className="inline-flex items-center gap-3 rounded-xl">
      <img src="./icon.svg" alt="" width="36" height="36" />
      <h1 className="leading-[1.1] font-extrabold tracking-tight">
        Mastodon
        <br />
        Stream Hub
      </h1>
    </a>
  );
}
