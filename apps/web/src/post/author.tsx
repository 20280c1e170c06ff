import type { Post } from '@hub/client';
import type { JSX } from 'react';
import { useObservable } from '../observable.ts';
import { settings } from '../settings/settings.ts';
import { withEmoji } from './emoji-text.tsx';
import { webUrl } from './web-url.ts';

type Account = Post['account'];

const SIZES = {
  large: 'size-11 rounded-xl',
  small: 'size-6 rounded-md text-xs',
  wall: 'size-[5vmin] rounded-[1.2vmin]',
};

export function nameOf({ display_name, username }: Account): string {
  return display_name.trim() || username;
}

export function Avatar({ account, size }: { account: Account; size: keyof typeof SIZES }): JSX.Element {
  const isShown = useObservable(settings, ({ media }) => media === 'show');
  const url = webUrl(account.avatar_static) ?? webUrl(account.avatar);
  const look = `${SIZES[size]} shrink-0 bg-accent-soft`;
  if (isShown && url !== undefined) {
    return (
      <img
        className={`${look} object-cover`}
        src={url}
        alt=""
        loading="lazy"
        decoding="async"
        referrerPolicy="no-referrer"
      />
    );
  }
  return (
    <span aria-hidden="true" className={`${look} grid place-items-center font-bold text-accent`}>
      {nameOf(account).replace(/^\W+/u, '').charAt(0).toUpperCase() || '@'}
    </span>
  );
}

/** Display name and handle, as Mastodon writes them: @user@server. */
export function Author({ account }: { account: Account }): JSX.Element {
  const url = webUrl(account.url);
  return (
    <a
      className="group flex min-w-0 flex-wrap items-baseline gap-x-2"
      {...(url !== undefined && { href: url, target: '_blank', rel: 'nofollow noopener noreferrer' })}
    >
      <bdi className="max-w-full truncate font-bold text-ink group-hover:underline">
        {withEmoji(nameOf(account), account.emojis)}
      </bdi>
      <span dir="ltr" className="max-w-full truncate text-sm text-muted">
        @{account.acct}
      </span>
    </a>
  );
}
