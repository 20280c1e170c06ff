import { ID_DIGITS, type EmbeddedPost, type Post, type PostFacts, type PostQuote } from '@hub/contracts';
import { InvalidCursorError } from './errors.ts';
import type { UpsertChange, Version } from './storage.ts';

/** The version that a store holds of a post; `sequence` as `rank` gives it. */
export interface StoredVersion extends Version {
  fingerprint: string;
}

/** replace: store the change. advance: it says what is stored, but later: keep its rank alone. stale: forget it. */
export type Ruling = 'replace' | 'advance' | 'stale';

/**
 * The place of a change among those of the same `version.at`. First sights stand before every observed edit, whatever
 * their sequence: otherwise the order of arrival would decide between them.
 */
export function rank(change: Pick<UpsertChange, 'edited' | 'version'>): number {
  return change.edited ? change.version.sequence : -1;
}

/** Decides between a stored version and a change of the same post, alike in every store and order of arrival. */
export function rule(stored: StoredVersion, change: Pick<UpsertChange, 'edited' | 'version' | 'fingerprint'>): Ruling {
  if (change.version.at !== stored.at) return change.version.at > stored.at ? 'replace' : 'stale';
  if (rank(change) <= stored.sequence) return 'stale';
  return change.fingerprint === stored.fingerprint ? 'advance' : 'replace';
}

/** What a newer version keeps of the post as it was first stored. */
export type FirstSight = Pick<Post, 'id' | 'in_reply_to_id' | 'in_reply_to_account_id'> & {
  hub: Pick<PostFacts, 'source' | 'local_id'>;
};

/**
 * A newer version under the identity of the first: its id, source and local id. What another source said in its own
 * terms is put in those of the first (the post replied to) or made independent of both (mentions).
 */
export function asFirstSeen(first: FirstSight, newer: Post): Post {
  const { source, local_id } = first.hub;
  const same = { ...newer, id: first.id, hub: { ...newer.hub, source, local_id } };
  if (newer.hub.source === source) return same;
  const { in_reply_to_id, in_reply_to_account_id } = first;
  const mentions = newer.mentions.map((mention) =>
    mention.acct.includes('@') ? mention : { ...mention, acct: `${mention.acct}@${newer.hub.source}` },
  );
  return { ...same, in_reply_to_id, in_reply_to_account_id, mentions };
}

/** The post with those that it quotes and that are gone taken out; the same object if there are none. */
export function withoutQuoted<P extends EmbeddedPost>(post: P, gone: ReadonlySet<string>): P {
  const quote = post.quote && quoteWithout(post.quote, gone);
  const reblog = post.reblog && withoutQuoted(post.reblog, gone);
  return quote === post.quote && reblog === post.reblog ? post : { ...post, quote, reblog };
}

function quoteWithout(quote: PostQuote, gone: ReadonlySet<string>): PostQuote {
  const quoted = quote.quoted_status;
  if (quoted === null) return quote;
  if (gone.has(quoted.uri)) return { state: 'deleted', quoted_status: null, quoted_status_id: null };
  const inner = withoutQuoted(quoted, gone);
  return inner === quoted ? quote : { ...quote, quoted_status: inner };
}

const ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** The time that a post's id begins with: milliseconds since 1970, of a whole second. Throws InvalidCursorError. */
export function timeOfId(id: string): number {
  if (!ID.test(id)) throw new InvalidCursorError();
  return Array.from(id.slice(0, 10)).reduce((time, digit) => time * ID_DIGITS.length + ID_DIGITS.indexOf(digit), 0);
}
