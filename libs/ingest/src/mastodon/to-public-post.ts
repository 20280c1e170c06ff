import type { Application, PublicPost, Quote, Tag } from '@hub/contracts/proto';
import { toAccount, toEmojis } from './account.ts';
import { toAttachment, toCard, toPoll } from './attachments.ts';
import { flag, integer, isObject, list, nested, text, texts, time, type JsonObject } from './json.ts';

/** Posts within posts that are followed: a boost of a quote of a quote. */
const MAX_DEPTH = 3;

/**
 * Maps a Status of any Mastodon-compatible server, as it is on the wire or as masto.js reads it. Whatever is missing
 * or malformed is left empty, and so is what the reading account did with the post. Never throws.
 */
export function toPublicPost(status: unknown): PublicPost {
  return toPost(isObject(status) ? status : {}, MAX_DEPTH);
}

function toPost(json: JsonObject, depth: number): PublicPost {
  const embedded = <T>(name: string, read: (value: JsonObject) => T) =>
    depth > 0 ? nested(json, name, read) : undefined;
  return {
    id: text(json, 'id'),
    uri: text(json, 'uri'),
    url: text(json, 'url'),
    account: nested(json, 'account', (account) => toAccount(account)),
    inReplyToId: text(json, 'in_reply_to_id'),
    inReplyToAccountId: text(json, 'in_reply_to_account_id'),
    reblog: embedded('reblog', (reblog) => toPost(reblog, depth - 1)),
    quote: embedded('quote', (quote) => toQuote(quote, depth - 1)),
    ...toBody(json),
    ...toAttached(json),
    reblogged: '',
    favourited: '',
    bookmarked: '',
    muted: '',
    pinned: '',
  };
}

function toBody(json: JsonObject) {
  return {
    content: text(json, 'content'),
    createdAt: time(json, 'created_at'),
    editedAt: time(json, 'edited_at'),
    repliesCount: integer(json, 'replies_count'),
    reblogsCount: integer(json, 'reblogs_count'),
    favouritesCount: integer(json, 'favourites_count'),
    quotesCount: integer(json, 'quotes_count'),
    sensitive: flag(json, 'sensitive'),
    spoilerText: text(json, 'spoiler_text'),
    visibility: text(json, 'visibility'),
    language: text(json, 'language'),
  };
}

function toAttached(json: JsonObject) {
  return {
    emojis: toEmojis(json),
    mediaAttachments: list(json, 'media_attachments', toAttachment),
    mentions: list(json, 'mentions', (mention) => ({
      url: text(mention, 'url'),
      username: text(mention, 'username'),
      acct: text(mention, 'acct'),
      id: text(mention, 'id'),
    })),
    tags: list(json, 'tags', toTag),
    card: nested(json, 'card', toCard),
    poll: nested(json, 'poll', toPoll),
    application: nested(json, 'application', toApplication),
    quoteApproval: nested(json, 'quote_approval', (approval) => ({
      automatic: texts(approval, 'automatic'),
      manual: texts(approval, 'manual'),
    })),
  };
}

function toTag(json: JsonObject): Tag {
  return {
    name: text(json, 'name'),
    url: text(json, 'url'),
    history: list(json, 'history', (day) => ({
      day: text(day, 'day'),
      uses: text(day, 'uses'),
      accounts: text(day, 'accounts'),
    })),
  };
}

/** Name and website alone: the rest is the application's own business. */
function toApplication(json: JsonObject): Application {
  const name = text(json, 'name');
  return { id: '', redirectUri: '', clientId: '', clientSecret: '', authUri: '', name, website: text(json, 'website') };
}

function toQuote(json: JsonObject, depth: number): Quote {
  return {
    state: text(json, 'state'),
    quotedStatus: nested(json, 'quoted_status', (status) => toPost(status, depth)),
    quotedStatusId: text(json, 'quoted_status_id'),
  };
}
