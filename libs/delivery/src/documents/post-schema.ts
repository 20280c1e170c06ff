import { MEDIA_KINDS, type EmbeddedPost, type Post } from '@hub/contracts';
import { z } from 'zod';

const text = z.string();
const maybe = text.nullable();
const flag = z.boolean();
const count = z.number().int();
const time = z.iso.datetime();
const size = z.object({
  width: z.number().exactOptional(),
  height: z.number().exactOptional(),
  size: text.exactOptional(),
  aspect: z.number().exactOptional(),
  frame_rate: text.exactOptional(),
  duration: z.number().exactOptional().describe('Seconds.'),
  bitrate: z.number().exactOptional().describe('Bits per second.'),
});

const emoji = z
  .object({ shortcode: text, url: text, static_url: text, visible_in_picker: flag, category: maybe })
  .meta({ id: 'CustomEmoji' });

const account = z
  .object({
    id: text,
    username: text,
    acct: text.describe('user@host'),
    uri: maybe,
    url: maybe,
    display_name: text,
    note: text.describe('Sanitised HTML.'),
    avatar: text,
    avatar_static: text,
    avatar_description: text,
    header: text,
    header_static: text,
    header_description: text,
    locked: flag,
    bot: flag,
    group: flag,
    discoverable: flag.nullable(),
    indexable: flag.nullable(),
    noindex: flag.nullable(),
    hide_collections: flag.nullable(),
    created_at: maybe,
    last_status_at: maybe,
    followers_count: count,
    following_count: count,
    statuses_count: count,
    fields: z.array(z.object({ name: text, value: text, verified_at: maybe })),
    emojis: z.array(emoji),
    roles: z.array(z.object({ id: text, name: text, color: text })),
  })
  .meta({ id: 'Account' });

const media = z
  .object({
    id: text,
    type: z.enum(MEDIA_KINDS),
    url: maybe,
    preview_url: maybe,
    remote_url: maybe,
    preview_remote_url: maybe,
    description: maybe,
    blurhash: maybe,
    meta: z
      .object({
        original: size.exactOptional(),
        small: size.exactOptional(),
        focus: z.object({ x: z.number(), y: z.number() }).exactOptional(),
        colors: z.object({ background: text, foreground: text, accent: text }).exactOptional(),
      })
      .nullable(),
  })
  .meta({ id: 'MediaAttachment' });

const card = z
  .object({
    url: text,
    title: text,
    description: text,
    type: text,
    author_name: text,
    author_url: text,
    provider_name: text,
    provider_url: text,
    html: z.literal(''),
    width: z.number(),
    height: z.number(),
    image: maybe,
    image_description: text,
    blurhash: maybe,
    embed_url: text,
    language: maybe,
    published_at: maybe,
    authors: z.array(z.object({ name: text, url: text })),
  })
  .meta({ id: 'PreviewCard' });

const poll = z
  .object({
    id: text,
    expires_at: maybe,
    expired: flag,
    multiple: flag,
    votes_count: count,
    voters_count: count.nullable(),
    options: z.array(z.object({ title: text, votes_count: count.nullable() })),
    emojis: z.array(emoji),
  })
  .meta({ id: 'Poll' });

/** A post within a post. */
export const embeddedPostSchema: z.ZodType<EmbeddedPost> = z.lazy(() => z.object(status));
const embedded = embeddedPostSchema;

const status = {
  id: text,
  uri: text.describe('Names the post at every server.'),
  url: maybe,
  created_at: time,
  edited_at: time.nullable(),
  in_reply_to_id: maybe,
  in_reply_to_account_id: maybe,
  sensitive: flag,
  spoiler_text: text,
  visibility: z.literal('public'),
  language: maybe.describe('BCP 47.'),
  content: text.describe('Sanitised HTML.'),
  account,
  reblog: embedded.nullable(),
  quote: z.object({ state: text, quoted_status: embedded.nullable(), quoted_status_id: maybe }).nullable(),
  quote_approval: z.object({ automatic: z.array(text), manual: z.array(text) }).nullable(),
  media_attachments: z.array(media),
  mentions: z.array(z.object({ id: text, username: text, acct: text, url: text })),
  tags: z.array(z.object({ name: text, url: text })),
  emojis: z.array(emoji),
  card: card.nullable(),
  poll: poll.nullable(),
  application: z.object({ name: text, website: maybe }).nullable(),
  replies_count: count,
  reblogs_count: count,
  favourites_count: count,
  quotes_count: count,
};

/** A post as readers get it, for the documents of the API. */
export const postSchema: z.ZodType<Post> = z.object({
  ...status,
  hub: z.object({
    source: text.describe('Host of the server that it was first read from.'),
    local_id: text.describe('Its id there.'),
    instance: text.describe('Host of the author’s server.'),
    observed_at: time,
    text: text.describe('`content` without markup.'),
    hashtags: z.array(text),
    links: z.array(text),
    media: z.array(z.enum(MEDIA_KINDS)),
    emoji: z.array(text),
    searchable: flag,
    trendable: flag,
  }),
});
