import type { Account, Emoji } from '@hub/contracts/proto';
import { flag, integer, list, nested, optionalFlag, text, time, type JsonObject } from './json.ts';

/** `depth`: how many accounts it moved to are followed. */
export function toAccount(json: JsonObject, depth = 1): Account {
  return {
    id: text(json, 'id'),
    username: text(json, 'username'),
    acct: text(json, 'acct'),
    displayName: text(json, 'display_name'),
    locked: flag(json, 'locked'),
    createdAt: time(json, 'created_at'),
    followersCount: integer(json, 'followers_count'),
    followingCount: integer(json, 'following_count'),
    statusesCount: integer(json, 'statuses_count'),
    note: text(json, 'note'),
    url: text(json, 'url'),
    avatar: text(json, 'avatar'),
    avatarStatic: text(json, 'avatar_static'),
    header: text(json, 'header'),
    headerStatic: text(json, 'header_static'),
    emojis: toEmojis(json),
    moved: depth > 0 ? nested(json, 'moved', (to) => toAccount(to, depth - 1)) : undefined,
    fields: list(json, 'fields', (f) => ({
      name: text(f, 'name'),
      value: text(f, 'value'),
      verifiedAt: time(f, 'verified_at'),
    })),
    bot: flag(json, 'bot'),
    discoverable: optionalFlag(json, 'discoverable'),
    source: undefined, // what the reading account keeps for itself
    uri: text(json, 'uri'),
    group: flag(json, 'group'),
    indexable: optionalFlag(json, 'indexable'),
    noindex: optionalFlag(json, 'noindex'),
    lastStatusAt: text(json, 'last_status_at'),
    hideCollections: optionalFlag(json, 'hide_collections'),
    roles: list(json, 'roles', (r) => ({ id: text(r, 'id'), name: text(r, 'name'), color: text(r, 'color') })),
    avatarDescription: text(json, 'avatar_description'),
    headerDescription: text(json, 'header_description'),
  };
}

export function toEmojis(json: JsonObject): Emoji[] {
  return list(json, 'emojis', (emoji) => ({
    shortcode: text(emoji, 'shortcode'),
    staticUrl: text(emoji, 'static_url'),
    url: text(emoji, 'url'),
    visibleInPicker: flag(emoji, 'visible_in_picker'),
    category: text(emoji, 'category'),
  }));
}
