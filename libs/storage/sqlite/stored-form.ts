import { MEDIA_KINDS, searchableText, textLength, type Gap, type MediaKind, type Post } from '@hub/contracts';
import type { DeleteChange, Reference, UpsertChange } from '@hub/storage';
import { termsOf } from './terms.ts';

/** What is stored of a post beside its identity. */
export interface StoredForm {
  /** JSON of the post as readers get it. */
  body: string;
  terms: string[];
  /** Bit i: has media of kind i. */
  media: number;
  reply: 0 | 1;
  sensitive: 0 | 1;
  bot: 0 | 1;
  /** Characters of the text. */
  length: number;
  searchable: 0 | 1;
}

/**
 * An upsert as it goes to the writer's thread: encoded before, because strings cross far more cheaply than the
 * objects of a post.
 */
export interface UpsertRow extends Omit<UpsertChange, 'post' | 'expiresAt'>, StoredForm {
  id: string;
  uri: string;
  createdAt: number;
  searchableText: string;
  expiresAt: number | null;
}

export type ChangeRow = UpsertRow | DeleteChange | { kind: 'gap'; gap: Gap; body: string };

export function mediaBits(kinds: readonly MediaKind[]): number {
  return kinds.reduce((bits, kind) => bits | (1 << MEDIA_KINDS.indexOf(kind)), 0);
}

export function storedForm(post: Post, references: readonly Reference[]): StoredForm {
  return {
    body: JSON.stringify(post),
    terms: termsOf(post, references),
    media: mediaBits(post.hub.media),
    reply: post.in_reply_to_id === null ? 0 : 1,
    sensitive: post.sensitive ? 1 : 0,
    bot: post.account.bot ? 1 : 0,
    length: textLength(post),
    searchable: post.hub.searchable ? 1 : 0,
  };
}

export function upsertRow(change: UpsertChange): UpsertRow {
  const { post, expiresAt, references } = change;
  const { body, terms, media, reply, sensitive, bot, length, searchable } = storedForm(post, references);
  // Each by its name: rest and spread would make an object that is slow to copy.
  return {
    kind: 'upsert',
    source: change.source,
    localId: change.localId,
    version: change.version,
    edited: change.edited,
    fingerprint: change.fingerprint,
    references,
    body,
    terms,
    media,
    reply,
    sensitive,
    bot,
    length,
    searchable,
    id: post.id,
    uri: post.uri,
    createdAt: Date.parse(post.created_at),
    searchableText: searchableText(post),
    expiresAt: expiresAt ?? null,
  };
}
