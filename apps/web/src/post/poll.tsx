import type { Post } from '@hub/client';
import type { JSX } from 'react';
import { count } from '../words.ts';
import { withEmoji } from './emoji-text.tsx';
import { When } from './when.tsx';

type PollData = NonNullable<Post['poll']>;

const until = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

function Option({ poll, index, all }: { poll: PollData; index: number; all: number }): JSX.Element {
  const { title = '', votes_count: votes = null } = poll.options[index] ?? {};
  const share = Math.min(100, Math.round(((votes ?? 0) / all) * 100));
  return (
    <li className="relative flex items-baseline justify-between gap-3 overflow-hidden rounded-lg bg-raised px-3 py-1.5">
      <span aria-hidden="true" className="absolute inset-y-0 start-0 bg-accent-soft" style={{ width: `${share}%` }} />
      <span dir="auto" className="relative">
        {withEmoji(title, poll.emojis)}
      </span>
      {votes !== null && <span className="relative text-sm font-semibold tabular-nums">{share}%</span>}
    </li>
  );
}

function Ending({ time }: { time: string }): JSX.Element {
  const isOver = Date.parse(time) < Date.now();
  return isOver ? (
    <>
      {' · closed '}
      <When time={time} />
    </>
  ) : (
    <>{` · open until ${until.format(Date.parse(time))}`}</>
  );
}

/** A poll with its votes as the hub last saw them. */
export function Poll({ poll }: { poll: PollData }): JSX.Element {
  const all = Math.max(1, poll.multiple ? (poll.voters_count ?? poll.votes_count) : poll.votes_count);
  return (
    <div className="grid gap-1.5">
      <ul className="grid gap-1.5" aria-label="Poll">
        {poll.options.map((_, i) => (
          <Option key={i} poll={poll} index={i} all={all} />
        ))}
      </ul>
      <p className="text-sm text-muted">
        {count(poll.voters_count ?? poll.votes_count)} {poll.voters_count === null ? 'votes' : 'people'}
        {poll.multiple && ' · several choices'}
        {poll.expires_at !== null && <Ending time={poll.expires_at} />}
      </p>
    </div>
  );
}
