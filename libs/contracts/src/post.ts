/**
 * A post as readers get it: the names and shapes of Mastodon's Status entity, so that code which shows statuses can
 * show these, and what this hub adds under `hub`. HTML is sanitised; times are ISO 8601 in UTC.
 * Source: https://docs.joinmastodon.org/entities/Status/
 */
export interface Post {
  /** The hub's own id, the same for every source of the post: 26 characters, in order of `created_at`. */
  id: string;
  /** ActivityPub URI: names the post at every server. */
  uri: string;
  url: string | null;
  created_at: string;
  edited_at: string | null;
  /** Id of the post replied to, at the server `hub.source`: opaque. */
  in_reply_to_id: string | null;
  in_reply_to_account_id: string | null;
  sensitive: boolean;
  spoiler_text: string;
  visibility: 'public';
  /** BCP 47, in canonical form. */
  language: string | null;
  content: string;
  account: PostAccount;
  /** The boosted post; `hub` only on the outer one. */
  reblog: EmbeddedPost | null;
  quote: PostQuote | null;
  quote_approval: { automatic: string[]; manual: string[] } | null;
  media_attachments: PostMedia[];
  mentions: PostMention[];
  tags: PostTag[];
  emojis: PostEmoji[];
  card: PostCard | null;
  poll: PostPoll | null;
  application: { name: string; website: string | null } | null;
  replies_count: number;
  reblogs_count: number;
  favourites_count: number;
  quotes_count: number;
  hub: PostFacts;
}

/** A post within a post. Its `id` is the one at the server `hub.source`. */
export type EmbeddedPost = Omit<Post, 'hub'>;

export const MEDIA_KINDS = ['image', 'gifv', 'video', 'audio', 'unknown'] as const;
export type MediaKind = (typeof MEDIA_KINDS)[number];

/** What the processor read out of a post. */
export interface PostFacts {
  /** Host of the server that the post was first read from, and its id there. */
  source: string;
  local_id: string;
  /** Host of the author's own server. */
  instance: string;
  /** When the hub's reader first saw this version. */
  observed_at: string;
  /** `content` without markup. */
  text: string;
  /** Canonical (see `foldHashtag`), without the '#', each once. */
  hashtags: string[];
  /** Outbound links of `content`, mentions and hashtags left out, each once. */
  links: string[];
  media: MediaKind[];
  /** Unicode emoji and `:shortcode:`s in the order in which they first appear, each once. */
  emoji: string[];
  /** The author allows search; if not, the post is also kept no longer than 24 h. */
  searchable: boolean;
  /** The author allows it to count in trends. */
  trendable: boolean;
}

export interface PostAccount {
  id: string;
  username: string;
  /** Always with the domain: user@host, also for accounts that are local to the source. */
  acct: string;
  uri: string | null;
  url: string | null;
  display_name: string;
  note: string;
  avatar: string;
  avatar_static: string;
  avatar_description: string;
  header: string;
  header_static: string;
  header_description: string;
  locked: boolean;
  bot: boolean;
  group: boolean;
  discoverable: boolean | null;
  indexable: boolean | null;
  noindex: boolean | null;
  hide_collections: boolean | null;
  created_at: string | null;
  last_status_at: string | null;
  followers_count: number;
  following_count: number;
  statuses_count: number;
  fields: { name: string; value: string; verified_at: string | null }[];
  emojis: PostEmoji[];
  roles: { id: string; name: string; color: string }[];
}

export interface PostEmoji {
  shortcode: string;
  url: string;
  static_url: string;
  visible_in_picker: boolean;
  category: string | null;
}

export interface PostMediaSize {
  width?: number;
  height?: number;
  size?: string;
  aspect?: number;
  frame_rate?: string;
  /** Seconds. */
  duration?: number;
  /** Bits per second. */
  bitrate?: number;
}

export interface PostMedia {
  id: string;
  type: MediaKind;
  url: string | null;
  preview_url: string | null;
  remote_url: string | null;
  preview_remote_url: string | null;
  description: string | null;
  blurhash: string | null;
  meta: {
    original?: PostMediaSize;
    small?: PostMediaSize;
    focus?: { x: number; y: number };
    colors?: { background: string; foreground: string; accent: string };
  } | null;
}

export interface PostMention {
  id: string;
  username: string;
  /** As the source gave it: without a domain for its own accounts. */
  acct: string;
  url: string;
}

export interface PostTag {
  name: string;
  url: string;
}

export interface PostCard {
  url: string;
  title: string;
  description: string;
  type: string;
  author_name: string;
  author_url: string;
  provider_name: string;
  provider_url: string;
  /** Always empty: embeds are other people's scripts. */
  html: '';
  width: number;
  height: number;
  image: string | null;
  image_description: string;
  blurhash: string | null;
  embed_url: string;
  language: string | null;
  published_at: string | null;
  authors: { name: string; url: string }[];
}

export interface PostPoll {
  id: string;
  expires_at: string | null;
  expired: boolean;
  multiple: boolean;
  votes_count: number;
  voters_count: number | null;
  options: { title: string; votes_count: number | null }[];
  emojis: PostEmoji[];
}

export interface PostQuote {
  /** Mastodon's states: accepted, pending, revoked, deleted, unauthorized … */
  state: string;
  quoted_status: EmbeddedPost | null;
  quoted_status_id: string | null;
}
