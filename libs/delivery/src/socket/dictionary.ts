import type { EmbeddedPost, Post, PostAccount, PostMedia, PostPoll } from '@hub/contracts';

/*
 * What most frames say, for the compressor to point at: a lone post shrinks to a quarter with it, to two fifths without.
 * Clients are told it when they subscribe, so it may change at any time. What posts have most often stands last, where it is
 * reached with the shortest pointers.
 */

const MEDIA: PostMedia = {
  id: '11',
  type: 'image',
  url: 'https://files.mastodon.social/media_attachments/files/original/.jpeg',
  preview_url: 'https://files.mastodon.social/media_attachments/files/small/.png',
  remote_url: null,
  preview_remote_url: null,
  description: null,
  blurhash: 'U',
  meta: {
    original: { width: 1920, height: 1080, size: '1920x1080', aspect: 1.777 },
    small: { width: 640, height: 360, size: '640x360', aspect: 1.777 },
    focus: { x: 0, y: 0 },
  },
};
const CARD: Post['card'] = {
  url: 'https://www.',
  title: '',
  description: '',
  type: 'link',
  author_name: '',
  author_url: '',
  provider_name: '',
  provider_url: '',
  html: '',
  width: 0,
  height: 0,
  image: 'https://files.mastodon.social/cache/preview_cards/images/original/',
  image_description: '',
  blurhash: 'U',
  embed_url: '',
  language: 'en',
  published_at: null,
  authors: [{ name: '', url: '' }],
};
const POLL: PostPoll = {
  id: '',
  expires_at: null,
  expired: false,
  multiple: false,
  votes_count: 0,
  voters_count: 0,
  options: [{ title: '', votes_count: 0 }],
  emojis: [],
};
const QUOTE: Post['quote'] = { state: 'accepted', quoted_status: null, quoted_status_id: null };
const EMOJI = {
  shortcode: '',
  url: 'https://files.mastodon.social/cache/custom_emojis/images/original/.png',
  static_url: 'https://files.mastodon.social/cache/custom_emojis/images/static/.png',
  visible_in_picker: true,
  category: null,
};
const MENTION = { id: '10', username: '', acct: '@mastodon.social', url: 'https://mastodon.social/@' };
const TAG = { name: '', url: 'https://mastodon.social/tags/' };
const CONTENT =
  '<p><span class="h-card" translate="no"><a href="https://mastodon.social/@" class="u-url mention" rel="nofollow noopener noreferrer" target="_blank">@<span></span></a></span> ' +
  '<a href="https://mastodon.social/tags/" class="mention hashtag" rel="nofollow noopener noreferrer" target="_blank">#<span></span></a> ' +
  '<a href="https://www." rel="nofollow noopener noreferrer" translate="no" target="_blank"><span class="invisible">https://www.</span><span class="ellipsis"></span><span class="invisible"></span></a><br />';
const ACCOUNT: PostAccount = {
  id: '10',
  username: '',
  acct: '@mastodon.social',
  uri: 'https://mastodon.social/users/',
  url: 'https://mastodon.social/@',
  display_name: '',
  note: '<p></p>',
  avatar: 'https://files.mastodon.social/cache/accounts/avatars/10/original/.png',
  avatar_static: 'https://files.mastodon.social/cache/accounts/avatars/10/original/.jpg',
  avatar_description: '',
  header: 'https://files.mastodon.social/cache/accounts/headers/10/original/.jpeg',
  header_static: 'https://mastodon.social/headers/original/missing.png',
  header_description: '',
  locked: false,
  bot: false,
  group: false,
  discoverable: true,
  indexable: true,
  noindex: false,
  hide_collections: false,
  created_at: '2022-11-01T00:00:00.000Z',
  last_status_at: '2026-11-01',
  followers_count: 1,
  following_count: 1,
  statuses_count: 1,
  fields: [{ name: '', value: '<a href="https://" rel="nofollow noopener noreferrer">', verified_at: null }],
  emojis: [],
  roles: [],
};
const BODY: EmbeddedPost = {
  id: '01',
  uri: 'https://mastodon.social/users//statuses/11',
  url: 'https://mastodon.social/@/11',
  created_at: '2026-11-01T00:00:00.000Z',
  edited_at: null,
  in_reply_to_id: null,
  in_reply_to_account_id: null,
  sensitive: false,
  spoiler_text: '',
  visibility: 'public',
  language: 'en',
  content: '<p></p>',
  account: ACCOUNT,
  reblog: null,
  quote: null,
  quote_approval: { automatic: ['public'], manual: [] },
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
const POST: Post = {
  ...BODY,
  hub: {
    source: 'mastodon.social',
    local_id: '11',
    instance: 'mastodon.social',
    observed_at: '2026-11-01T00:00:00.000Z',
    text: '',
    hashtags: [],
    links: [],
    media: [],
    emoji: [],
    searchable: true,
    trendable: true,
  },
};

/** The preset dictionary of compressed frames. */
export const DICTIONARY =
  [CARD, POLL, QUOTE, MEDIA, CONTENT, { mentions: [MENTION], tags: [TAG], emojis: [EMOJI] }]
    .map((part) => JSON.stringify(part))
    .join('') + `2["posts",{"cursor":"","events":[{"type":"post","cursor":"","data":${JSON.stringify(POST)}}`;
