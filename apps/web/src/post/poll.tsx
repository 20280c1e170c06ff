import type { Post } from '@hub/client';
import type { JSX } from 'react';
import { count } from '../words.ts';
import { withEmoji } from './emoji-text.tsx';
import { When } from './when.tsx';

type PollData = NonNullable<Post['poll']>;

/** A poll with its votes as the hub last saw them. */
export function Poll({ poll }: { poll: PollData }): JSX.Element {
  const all = Math.max(1, poll.multiple ? (poll.voters_count ?? poll.votes_count) : poll.votes_count);
  return (
    <div className="grid gap-1.5">
      <ul className="grid gap-1.5" aria-label="Poll">
        {poll.options.map(({ title, votes_count }, i) => {
          const share = Math.min(100, Math.round(((votes_count ?? 0) / all) * 100));
          return (
            <li
              key={i}
              className="relative flex items-baseline justify-between gap-3 overflow-hidden rounded-lg bg-raised px-3 py-1.5"
            >
              <span
                aria-hidden="true"
                className="absolute inset-y-0 start-0 bg-accent-soft"
                style={{ width: `${share}%` }}
              />
              <span dir="auto" className="relative">
                {withEmoji(title, poll.emojis)}
              </span>
              {votes_count !== null && <span className="relative text-sm font-semibold tabular-nums">{share}%</span>}
            </li>
          );
        })}
      </ul>
      <p className="text-sm text-muted">
        {count(poll.voters_count ?? poll.votes_count)} {poll.voters_count === null ? 'votes' : 'people'}
        {poll.multiple && ' · several choices'}
        {poll.expires_at !== null && (
          <>
            {' · '}
            {Date.parse(poll.expires_at) < Date.now() ? (
              <>
                closed <When time={poll.expires_at} />
              </>
            ) : (
              <>
                open until{' '}
                {new Date(poll.expires_at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
              </>
            )}
          </>
        )}
      </p>
    </div>
  );
}
