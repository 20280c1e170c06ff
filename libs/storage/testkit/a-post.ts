import { createHash } from 'node:crypto';
import { foldHashtag, ID_DIGITS, type EmbeddedPost, type Post, type PostAccount, type PostFacts } from '@hub/contracts';

/** What a test wants to say about a post; the rest is filled in. */
export interface PostFields extends Partial<Omit<Post, 'account' | 'hub'>> {
  account?: Partial<PostAccount>;
  hub?: Partial<PostFacts>;
  /** Plain text: becomes `content` and `hub.text`. */
  text?: string;
}

/** An id of the hub's form: 26 characters, in order of `createdAt`, the same for the same URI. */
export function postId(createdAt: string, uri: string): string {
  let time = '';
  for (let rest = Date.parse(createdAt); time.length < 10; rest = Math.floor(rest / 32)) {
    time = ID_DIGITS.charAt(rest % 32) + time;
  }
  const digest = createHash('sha256').update(uri).digest().subarray(0, 16);
  return time + Array.from(digest, (byte) => ID_DIGITS.charAt(byte % 32)).join('');
}

/** A complete post by user@host; `source` is also the author's server unless told. */
export function aPost(fields: PostFields = {}): Post {
  const { account, hub, text = 'Hello, world', ...rest } = fields;
  const source = hub?.source ?? 'social.example';
  const localId = hub?.local_id ?? '1';
  const author = anAccount(source, account);
  const uri = rest.uri ?? `https://${source}/users/${author.username}/statuses/${localId}`;
  const createdAt = rest.created_at ?? '2026-11-01T12:00:00.000Z';
  const post = {
    ...blank(postId(createdAt, uri), uri, createdAt, author),
    content: `<p>${text}</p>`,
    ...rest,
  };
  return {
    ...post,
    hub: {
      source,
      local_id: localId,
      instance: author.acct.slice(author.acct.indexOf('@') + 1),
      observed_at: post.edited_at ?? post.created_at,
      text,
      hashtags: [...new Set(post.tags.map((tag) => foldHashtag(tag.name)))],
      links: [],
      media: post.media_attachments.map((media) => media.type),
      emoji: [],
      searchable: true,
      trendable: true,
      ...hub,
    },
  };
}

/** The form in which one post stands in another: its id is the local one, and the hub's facts are left out. */
export function embedded(post: Post): EmbeddedPost {
  const { hub, ...rest } = post;
  return { ...rest, id: hub.local_id };
}

function blank(id: string, uri: string, createdAt: string, account: PostAccount): EmbeddedPost {
  return {
    id,
    uri,
    url: uri,
    created_at: createdAt,
    edited_at: null,
    in_reply_to_id: null,
    in_reply_to_account_id: null,
    sensitive: false,
    spoiler_text: '',
    visibility: 'public',
    language: 'en',
    content: '',
    account,
    reblog: null,
    quote: null,
    quote_approval: null,
    media_attachments: [],
    mentions: [],
    tags: [],
    emojis: [],
    card: null,
    poll: null,
    application: null,
    replies_count: 0,
    reblogs_count: 0,
    favourites_count: 0,
    quotes_count: 0,
  };
}

function anAccount(host: string, fields: Partial<PostAccount> = {}): PostAccount {
  const username = fields.username ?? fields.acct?.split('@')[0] ?? 'ada';
  return {
    id: '1',
    username,
    acct: `${username}@${host}`,
    uri: `https://${host}/users/${username}`,
    url: `https://${host}/@${username}`,
    display_name: username,
    note: '',
    avatar: `https://${host}/avatar.png`,
    avatar_static: `https://${host}/avatar.png`,
    avatar_description: '',
    header: '',
    header_static: '',
    header_description: '',
    locked: false,
    bot: false,
    group: false,
    discoverable: null,
    indexable: true,
    noindex: null,
    hide_collections: null,
    created_at: '2020-01-01T00:00:00.000Z',
    last_status_at: null,
    followers_count: 0,
    following_count: 0,
    statuses_count: 1,
    fields: [],
    emojis: [],
    roles: [],
    ...fields,
  };
}
