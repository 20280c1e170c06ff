/** Mastodon's REST entities as version 4.5 writes them. Source: https://docs.joinmastodon.org/entities/ */
export type Visibility = 'public' | 'unlisted' | 'private' | 'direct';

export interface Emoji {
  shortcode: string;
  url: string;
  static_url: string;
  visible_in_picker: boolean;
}

export interface Account {
  id: string;
  username: string;
  acct: string;
  display_name: string;
  locked: boolean;
  bot: boolean;
  discoverable: boolean | null;
  /** Not every server has it. */
  indexable?: boolean | null;
  group: boolean;
  created_at: string;
  note: string;
  url: string;
  uri: string;
  avatar: string;
  avatar_static: string;
  avatar_description: string;
  header: string;
  header_static: string;
  header_description: string;
  followers_count: number;
  following_count: number;
  statuses_count: number;
  last_status_at: string | null;
  hide_collections: boolean | null;
  /** Only for accounts of the server itself. */
  noindex?: boolean | null;
  /** Only for accounts of the server itself. */
  roles?: { id: string; name: string; color: string }[];
  emojis: Emoji[];
  fields: { name: string; value: string; verified_at: string | null }[];
}

export interface MediaSize {
  width?: number;
  height?: number;
  size?: string;
  aspect?: number;
  frame_rate?: string;
  duration?: number;
  bitrate?: number;
}

export interface MediaMeta {
  original?: MediaSize;
  small?: MediaSize;
  focus?: { x: number; y: number };
  colors?: { background: string; foreground: string; accent: string };
  length?: string;
  duration?: number;
  audio_encode?: string;
  audio_bitrate?: string;
  audio_channels?: string;
}

export interface Media {
  id: string;
  type: 'image' | 'gifv' | 'video' | 'audio' | 'unknown';
  url: string | null;
  preview_url: string | null;
  remote_url: string | null;
  preview_remote_url: string | null;
  text_url: null;
  meta: MediaMeta | null;
  description: string | null;
  blurhash: string | null;
}

export interface Mention {
  id: string;
  username: string;
  url: string;
  acct: string;
}

export interface Poll {
  id: string;
  expires_at: string | null;
  expired: boolean;
  multiple: boolean;
  votes_count: number;
  voters_count: number | null;
  options: { title: string; votes_count: number | null }[];
  emojis: Emoji[];
}

export interface Card {
  url: string;
  title: string;
  description: string;
  language: string | null;
  type: 'link' | 'photo' | 'video' | 'rich';
  author_name: string;
  author_url: string;
  provider_name: string;
  provider_url: string;
  html: string;
  width: number;
  height: number;
  image: string | null;
  image_description: string;
  embed_url: string;
  blurhash: string | null;
  published_at: string | null;
  authors: { name: string; url: string; account: null }[];
}

export interface Quote {
  state: 'accepted' | 'pending' | 'deleted' | 'unauthorized';
  quoted_status: Status | null;
}

export interface Status {
  id: string;
  created_at: string;
  in_reply_to_id: string | null;
  in_reply_to_account_id: string | null;
  sensitive: boolean;
  spoiler_text: string;
  visibility: Visibility;
  language: string | null;
  uri: string;
  url: string | null;
  replies_count: number;
  reblogs_count: number;
  favourites_count: number;
  quotes_count: number;
  edited_at: string | null;
  content: string;
  reblog: Status | null;
  application: { name: string; website: string | null } | null;
  account: Account;
  media_attachments: Media[];
  mentions: Mention[];
  tags: { name: string; url: string }[];
  emojis: Emoji[];
  quote: Quote | null;
  card: Card | null;
  poll: Poll | null;
  quote_approval: { automatic: string[]; manual: string[]; current_user: string };
}

/** What identifies a version of a post: it changes with every edit. */
export function versionOf(status: Pick<Status, 'created_at' | 'edited_at'>): string {
  return status.edited_at ?? status.created_at;
}
