import { InvalidEventError, type PublicPost } from '@hub/contracts/proto';

/*
 * What no honest post exceeds by far. Beyond it an event is refused as a whole, because work and memory that one post
 * costs have to be bounded. Lengths in UTF-16 units.
 */
const MAX_DEPTH = 4;
const MAX_HTML = 1_000_000;
const MAX_TEXT = 100_000;
const MAX_LIST = 10_000;
/** Of all the HTML of a post: reading badly nested tags takes time in the square of their number. */
const MAX_TAGS = 10_000;

const EARLIEST = Date.UTC(0, 0);
const LATEST = Date.UTC(9999, 11, 31);

/** The time in milliseconds since 1970 if it is one between the years 1900 and 9999. */
export function validTime(date: Date | undefined): number | undefined {
  const time = date?.getTime() ?? Number.NaN;
  return time >= EARLIEST && time < LATEST ? time : undefined;
}

/** Throws InvalidEventError unless the post, and each that it embeds, is one that the hub can carry. */
export function checkPost(post: PublicPost): void {
  let tags = 0;
  for (let level = [{ post, path: 'post' }], depth = 0; level.length > 0; depth++) {
    if (depth >= MAX_DEPTH) throw new InvalidEventError(`the post embeds posts more than ${MAX_DEPTH - 1} deep`);
    for (const { post, path } of level) {
      checkIdentity(post, path);
      checkSizes(post, path);
      tags += countTags(post);
    }
    level = level.flatMap(({ post, path }) => embedded(post, path));
  }
  if (tags > MAX_TAGS) throw new InvalidEventError(`the post has more than ${MAX_TAGS} HTML tags`);
}

function embedded({ reblog, quote }: PublicPost, path: string): { post: PublicPost; path: string }[] {
  return [
    ...(reblog === undefined ? [] : [{ post: reblog, path: `${path}.reblog` }]),
    ...(quote?.quotedStatus === undefined ? [] : [{ post: quote.quotedStatus, path: `${path}.quote.quoted_status` }]),
  ];
}

/** A `tag:` URI is no address, but harmless, and the name of posts from before ActivityPub. */
const URI = /^(?:https?:\/\/|tag:)[^\s"'<>\\^`{|}]{1,4000}$/iu;

function checkIdentity(post: PublicPost, path: string): void {
  if (post.id === '') throw new InvalidEventError(`${path}.id is missing`);
  if (post.id.length > 255) throw new InvalidEventError(`${path}.id is longer than 255 characters`);
  if (post.uri === '') throw new InvalidEventError(`${path}.uri is missing`);
  if (!URI.test(post.uri)) throw new InvalidEventError(`${path}.uri is not a http(s) URL`);
  if (post.account === undefined) throw new InvalidEventError(`${path}.account is missing`);
  if (post.account.acct === '' && post.account.username === '') {
    throw new InvalidEventError(`${path}.account has neither acct nor username`);
  }
  if (post.createdAt === undefined) throw new InvalidEventError(`${path}.created_at is missing`);
  if (validTime(post.createdAt) === undefined) throw new InvalidEventError(`${path}.created_at is not a time`);
  if (post.editedAt !== undefined && validTime(post.editedAt) === undefined) {
    throw new InvalidEventError(`${path}.edited_at is not a time`);
  }
}

function checkSizes(post: PublicPost, path: string): void {
  const { account, poll, card } = post;
  const most = (what: string, limit: number, sizes: (number | undefined)[]) => {
    if (sizes.some((size) => size !== undefined && size > limit)) {
      throw new InvalidEventError(`${path}: ${what} beyond ${limit}`);
    }
  };
  most('HTML', MAX_HTML, [post.content.length, account?.note.length]);
  most('text', MAX_TEXT, [
    post.spoilerText.length,
    account?.displayName.length,
    card?.title.length,
    card?.description.length,
    ...post.mediaAttachments.map(({ description }) => description.length),
    ...(account?.fields.map(({ name, value }) => name.length + value.length) ?? []),
  ]);
  const lists = [post.tags, post.mentions, post.emojis, post.mediaAttachments, account?.fields, account?.emojis];
  most(
    'number of elements',
    MAX_LIST,
    [...lists, account?.roles, poll?.options, card?.authors].map((l) => l?.length),
  );
}

function countTags({ content, account }: PublicPost): number {
  const html = [content, account?.note ?? '', ...(account?.fields.map(({ value }) => value) ?? [])];
  const length = html.reduce((sum, part) => sum + part.length, 0);
  return length < MAX_TAGS / MAX_DEPTH ? 0 : html.reduce((sum, part) => sum + occurrences(part, '<'), 0);
}

function occurrences(text: string, character: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}
