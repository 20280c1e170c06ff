import { hash } from 'node:crypto';
import { ID_DIGITS, type EmbeddedPost } from '@hub/contracts';
import type { PublicPost } from '@hub/contracts/proto';
import type { Reference, Version } from '@hub/storage';

const SECOND = 1_000;
const LATEST = 2 ** 48 - 1;

/**
 * The hub's own id of a post: 48 bits of its time, then 80 bits of its URI's SHA-256, in Crockford's base 32 (the form
 * of a ULID). It sorts by time. The time is cut to whole seconds, because the post's own server knows its milliseconds
 * and all others do not, and the id must be the same at all of them.
 */
export function postId(createdAt: number, uri: string): string {
  const time = Math.min(LATEST, Math.max(0, wholeSeconds(createdAt)));
  const digest = hash('sha256', uri, 'hex');
  const bits = (from: number) => Number.parseInt(digest.slice(from, from + 10), 16);
  return base32(time, 10) + base32(bits(0), 8) + base32(bits(10), 8);
}

/**
 * Which version of a post this is. Times are cut to seconds, as for the id: the same version must be equal at every
 * source. An edit within the second of creation comes after it all the same.
 */
export function versionOf({ createdAt, editedAt }: PublicPost, sequence: number): Version {
  const at = editedAt === undefined ? wholeSeconds(createdAt?.getTime() ?? 0) : wholeSeconds(editedAt.getTime()) + 1;
  return { at, sequence };
}

function wholeSeconds(time: number): number {
  return Math.floor(time / SECOND) * SECOND;
}

function base32(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = ID_DIGITS.charAt(rest % 32) + text;
  return text;
}

/** Equal for two versions that show a reader the same. Counters, votes and accounts do not count. */
export function fingerprint(post: EmbeddedPost): string {
  return hash('sha256', JSON.stringify(whatIsSeen(post)), 'base64');
}

function whatIsSeen(post: EmbeddedPost): unknown[] {
  const { reblog, quote } = post;
  return [
    post.content,
    post.spoiler_text,
    post.sensitive,
    post.language,
    post.media_attachments.map(({ id, url, description }) => [id, url, description]),
    post.poll?.options.map(({ title }) => title),
    post.card?.url,
    quote && [quote.state, quote.quoted_status?.uri, quote.quoted_status_id],
    reblog && whatIsSeen(reblog),
  ];
}

/** The posts whose words this one carries along. */
export function references(post: PublicPost): Reference[] {
  const quoted = [post.quote?.quotedStatus, post.reblog?.quote?.quotedStatus];
  return [
    ...(post.reblog === undefined ? [] : [reference('boost', post.reblog)]),
    ...quoted.flatMap((status) => (status === undefined ? [] : [reference('quote', status)])),
  ];
}

function reference(kind: Reference['kind'], { uri, id }: PublicPost): Reference {
  return { kind, uri, localId: id };
}
