import type { Account, Status } from '../entities.ts';
import { asPost, type Post } from '../posts/post.ts';

const ACCOUNT: Account = {
  id: '7',
  username: 'ada',
  acct: 'ada@birdhouse.example',
  display_name: 'Ada',
  locked: false,
  bot: false,
  discoverable: true,
  indexable: true,
  group: false,
  created_at: '2020-01-01T00:00:00.000Z',
  note: '',
  url: 'https://birdhouse.example/@ada',
  uri: 'https://birdhouse.example/users/ada',
  avatar: '',
  avatar_static: '',
  avatar_description: '',
  header: '',
  header_static: '',
  header_description: '',
  followers_count: 0,
  following_count: 0,
  statuses_count: 0,
  last_status_at: null,
  hide_collections: null,
  emojis: [],
  fields: [],
};

/** A post for tests, from the few fields that a test names. */
export function simplePost(fields: Partial<Status> & { account?: Account }): Post {
  return asPost({ ...PLAIN, uri: `https://birdhouse.example/${fields.id ?? '1'}`, ...fields }, null);
}

/** The account of such a post, changed. */
export function simpleAccount(fields: Partial<Account>): Account {
  return { ...ACCOUNT, ...fields };
}

const PLAIN: Status = {
  id: '1',
  created_at: '2026-11-23T10:00:00.000Z',
  in_reply_to_id: null,
  in_reply_to_account_id: null,
  sensitive: false,
  spoiler_text: '',
  visibility: 'public',
  language: 'en',
  uri: '',
  url: null,
  replies_count: 0,
  reblogs_count: 0,
  favourites_count: 0,
  quotes_count: 0,
  edited_at: null,
  content: '<p>Hello.</p>',
  reblog: null,
  application: null,
  account: ACCOUNT,
  media_attachments: [],
  mentions: [],
  tags: [],
  emojis: [],
  quote: null,
  card: null,
  poll: null,
  quote_approval: { automatic: ['public'], manual: [], current_user: 'denied' },
};
