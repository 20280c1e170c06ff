import type { PostAccount, PostEmoji } from '@hub/contracts';
import type { Account, Emoji } from '@hub/contracts/proto';
import { count, isoTime, orNull } from './values.ts';

export function toAccount(account: Account): PostAccount {
  return {
    id: account.id,
    username: account.username,
    acct: account.acct,
    uri: orNull(account.uri),
    url: orNull(account.url),
    display_name: account.displayName,
    note: account.note,
    avatar: account.avatar,
    avatar_static: account.avatarStatic,
    avatar_description: account.avatarDescription,
    header: account.header,
    header_static: account.headerStatic,
    header_description: account.headerDescription,
    locked: account.locked,
    bot: account.bot,
    group: account.group,
    discoverable: account.discoverable ?? null,
    indexable: account.indexable ?? null,
    noindex: account.noindex ?? null,
    hide_collections: account.hideCollections ?? null,
    created_at: isoTime(account.createdAt),
    last_status_at: orNull(account.lastStatusAt),
    followers_count: count(account.followersCount),
    following_count: count(account.followingCount),
    statuses_count: count(account.statusesCount),
    fields: account.fields.map(({ name, value, verifiedAt }) => ({ name, value, verified_at: isoTime(verifiedAt) })),
    emojis: account.emojis.map(toEmoji),
    roles: account.roles.map(({ id, name, color }) => ({ id, name, color })),
  };
}

export function toEmoji({ shortcode, url, staticUrl, visibleInPicker, category }: Emoji): PostEmoji {
  return { shortcode, url, static_url: staticUrl, visible_in_picker: visibleInPicker, category: orNull(category) };
}
