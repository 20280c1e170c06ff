/** What a new post can be. Unless named for it, a post is public. */
export const POST_KINDS = [
  'post',
  'reply',
  'boost',
  'quote',
  'poll',
  'media',
  'unlisted',
  'private',
  'direct',
] as const;
export type PostKind = (typeof POST_KINDS)[number];

/** What can happen. */
export const EVENT_KINDS = [...POST_KINDS, 'edit', 'delete'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** How often each happens, relative to the others. */
export const MIX: Readonly<Record<EventKind, number>> = {
  post: 40,
  media: 14,
  poll: 2,
  reply: 12,
  boost: 8,
  quote: 3,
  unlisted: 5,
  private: 3,
  direct: 2,
  edit: 6,
  delete: 5,
};
