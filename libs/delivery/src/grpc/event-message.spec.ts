import { describe, expect, it } from '@jest/globals';
import type { Post } from '@hub/contracts';
import { SubscribeResponseMessage } from '@hub/contracts/proto';
import { aPost } from '@hub/storage/testkit';
import { encodeResponse } from './event-message.ts';

const AT = '2026-11-01T12:00:00.000Z';
const emoji = { shortcode: 'cat', url: 'u', static_url: 's', visible_in_picker: true, category: 'animals' };
const plain = aPost({ text: 'one' });
const { hub: _, ...inner } = plain;
const rich: Post = {
  ...plain,
  edited_at: AT,
  in_reply_to_id: '7',
  in_reply_to_account_id: '8',
  sensitive: true,
  spoiler_text: 'cw',
  language: 'en',
  account: {
    ...plain.account,
    created_at: AT,
    last_status_at: '2026-11-01',
    discoverable: false,
    indexable: true,
    noindex: false,
    fields: [{ name: 'n', value: 'v', verified_at: AT }],
    emojis: [emoji],
    roles: [{ id: '1', name: 'mod', color: '#fff' }],
  },
  reblog: { ...inner, content: '<p>boosted</p>' },
  quote: { state: 'accepted', quoted_status: inner, quoted_status_id: '9' },
  quote_approval: { automatic: ['public'], manual: ['followers'] },
  media_attachments: [
    {
      id: '1',
      type: 'video',
      url: 'https://a.example/v',
      preview_url: 'p',
      remote_url: 'r',
      preview_remote_url: 'q',
      description: 'd',
      blurhash: 'b',
      meta: {
        original: { width: 3, height: 4, size: '3x4', aspect: 0.75, frame_rate: '30/1', duration: 1.5, bitrate: 9 },
        small: { width: 1, height: 2 },
        focus: { x: -0.5, y: 1 },
        colors: { background: '#000', foreground: '#111', accent: '#222' },
      },
    },
  ],
  mentions: [{ id: '1', username: 'bob', acct: 'bob@b.example', url: 'https://b.example/@bob' }],
  tags: [{ name: 'cats', url: 'https://a.example/tags/cats' }],
  emojis: [emoji],
  card: {
    url: 'u',
    title: 't',
    description: 'd',
    type: 'link',
    author_name: 'a',
    author_url: 'b',
    provider_name: 'p',
    provider_url: 'q',
    html: '',
    width: 1,
    height: 2,
    image: 'i',
    image_description: 'x',
    blurhash: 'h',
    embed_url: 'e',
    language: 'en',
    published_at: AT,
    authors: [{ name: 'n', url: 'u' }],
  },
  poll: {
    id: '1',
    expires_at: AT,
    expired: true,
    multiple: true,
    votes_count: 3,
    voters_count: 2,
    options: [{ title: 'yes', votes_count: 3 }],
    emojis: [emoji],
  },
  application: { name: 'app', website: 'w' },
  replies_count: 1,
  reblogs_count: 2,
  favourites_count: 3,
  quotes_count: 4,
  hub: { ...plain.hub, hashtags: ['cats'], links: ['l'], media: ['video'], emoji: [':cat:'], searchable: true },
};

/** All that is said, by its path: what is null is not. */
function leaves(value: unknown, path = ''): [string, unknown][] {
  if (value === null || value === undefined) return [];
  if (value instanceof Date) return [[path, value.toISOString()]];
  if (typeof value !== 'object') return [[path, value]];
  return Object.entries(value).flatMap(([name, field]) =>
    leaves(field, `${path}.${name.replaceAll('_', '').toLowerCase()}`),
  );
}

const decode = (bytes: Buffer) => SubscribeResponseMessage.decode(bytes);

describe('messages of events', () => {
  it.each([
    ['plain', plain],
    ['rich', rich],
  ])('say all that a %s post says', (_, post) => {
    const { events, cursor } = decode(
      encodeResponse([{ type: 'post', cursor: 'c1', json: Buffer.from(JSON.stringify(post)) }], 'c2'),
    );
    expect([cursor, events.length, events[0]?.cursor, events[0]?.event?.$case]).toEqual(['c2', 1, 'c1', 'post']);
    const event = events[0]?.event;
    if (event?.$case !== 'post') throw new Error('no post');
    const { hub, ...status } = post;
    const said = new Map([...leaves(event.value.post), ...leaves(event.value.facts, '.hub')]);
    for (const [path, value] of [...leaves(status), ...leaves(hub, '.hub')]) {
      expect([path, said.get(path)]).toEqual([path, value]);
    }
  });

  it('add up in their order, and a closed gap says when', () => {
    const gap = { source: 's', stream: 'public', from: AT, to: AT, reason: 'disconnected', closed_at: AT };
    const { events } = decode(
      encodeResponse(
        [
          { type: 'delete', cursor: 'c1', json: Buffer.from('{"id":"1","uri":"u"}') },
          { type: 'gap', cursor: 'c2', json: Buffer.from(JSON.stringify(gap)) },
        ],
        'c2',
      ),
    );
    expect(events.map(({ event }) => event)).toEqual([
      { $case: 'removal', value: { id: '1', uri: 'u' } },
      {
        $case: 'gap',
        value: {
          source: 's',
          stream: 'public',
          reason: 'disconnected',
          since: new Date(AT),
          until: new Date(AT),
          closedAt: new Date(AT),
        },
      },
    ]);
  });
});
