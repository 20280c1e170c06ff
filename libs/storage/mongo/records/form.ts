import { foldAccount, languageRange, mentionNames, searchableText, words, type Post } from '@hub/contracts';
import { rank, type UpsertChange } from '@hub/storage';
import { mongo } from 'mongoose';
import { pageOrder, postKey } from './keys.ts';
import type { LivePost, PostRecord } from './post.record.ts';

function findable(post: Post): LivePost['find'] {
  const { language, mentions, hub } = post;
  const searched = words(searchableText(post));
  return {
    languages: language === null ? [] : languageRange(language),
    account: foldAccount(post.account.acct),
    mentions: [...new Set(mentions.flatMap((mention) => mentionNames(mention, hub.source)))],
    words: [...new Set(searched)],
    text: searched.length === 0 ? '' : ` ${searched.join(' ')} `,
  };
}

/**
 * The document of an upsert.
 * @param post what is stored of the change's post
 * @param keepUntil when posts that are stored now are past their time
 */
export function livePost(change: UpsertChange, post: Post, feedType: 'post' | 'edit', keepUntil: Date): LivePost {
  const wished = change.expiresAt === undefined ? undefined : new Date(change.expiresAt);
  const keptShort = wished !== undefined && wished < keepUntil;
  return {
    _id: postKey(post.uri),
    expireAt: keptShort ? wished : keepUntil,
    ...(keptShort && { keptShort }),
    feedId: new mongo.ObjectId(),
    feedType,
    order: pageOrder(post.created_at, post.id),
    version: { at: change.version.at, sequence: rank(change), fingerprint: change.fingerprint },
    references: change.references.map(({ kind, uri }) => ({ kind, uri })),
    find: findable(post),
    post,
  };
}

/** The same post with something taken out: a new change, kept no longer. */
export function amended(record: LivePost, post: Post): LivePost {
  return { ...record, feedId: new mongo.ObjectId(), feedType: 'edit', post };
}

/** What a deletion leaves. `id` is that of the post if the store held it: then the feed tells of it. */
export function tombstone(uri: string, id: string | undefined, expireAt: Date): PostRecord {
  const removed = { ...(id !== undefined && { id }), uri };
  const _id = postKey(uri);
  if (id === undefined) return { _id, expireAt, gone: 'untold', removed };
  return { _id, expireAt, feedId: new mongo.ObjectId(), gone: 'told', removed };
}
