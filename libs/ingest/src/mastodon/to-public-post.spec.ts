import { describe, expect, it } from '@jest/globals';
import { PublicPost } from '@hub/contracts/proto';
import * as fc from 'fast-check';
import { toPublicPost } from './to-public-post.ts';

const ACCOUNT = {
  id: '1',
  username: 'grace',
  acct: 'grace@b.example',
  display_name: 'Grace :cat:',
  locked: false,
  created_at: '2020-01-02T00:00:00.000Z',
  followers_count: 3,
  following_count: 4,
  statuses_count: 5,
  note: '<p>hi</p>',
  url: 'https://b.example/@grace',
  uri: 'https://b.example/users/grace',
  avatar: 'https://b.example/a.png',
  avatar_static: 'https://b.example/as.png',
  avatar_description: 'a cat',
  header: 'https://b.example/h.png',
  header_static: 'https://b.example/hs.png',
  header_description: 'a hill',
  emojis: [{ shortcode: 'cat', url: 'u', static_url: 's', visible_in_picker: true, category: 'animals' }],
  fields: [{ name: 'n', value: 'v', verified_at: '2021-01-02T00:00:00.000Z' }],
  bot: true,
  group: true,
  discoverable: false,
  indexable: true,
  noindex: false,
  hide_collections: true,
  last_status_at: '2026-11-20',
  roles: [{ id: '9', name: 'Owner', color: '#fff' }],
  source: { privacy: 'private', note: 'own' },
};

const STATUS = {
  id: '100',
  uri: 'https://b.example/users/grace/statuses/100',
  url: 'https://b.example/@grace/100',
  created_at: '2026-11-20T10:00:00.123Z',
  edited_at: '2026-11-20T11:00:00.456Z',
  in_reply_to_id: '99',
  in_reply_to_account_id: '2',
  sensitive: true,
  spoiler_text: 'cw',
  visibility: 'public',
  language: 'en',
  content: '<p>text</p>',
  replies_count: 1,
  reblogs_count: 2,
  favourites_count: 3,
  quotes_count: 4,
  favourited: true,
  reblogged: true,
  bookmarked: true,
  muted: true,
  pinned: true,
  account: ACCOUNT,
  media_attachments: [
    {
      id: '7',
      type: 'video',
      url: 'u',
      preview_url: 'p',
      remote_url: 'r',
      preview_remote_url: 'pr',
      text_url: 't',
      description: 'd',
      blurhash: 'b',
      meta: {
        original: {
          width: 640,
          height: 480,
          size: '640x480',
          aspect: 1.3333,
          frame_rate: '30/1',
          duration: 2.5,
          bitrate: 9,
        },
        small: { width: 64, height: 48, size: '64x48', aspect: 1.3333 },
        focus: { x: -0.5, y: 0.25 },
        colors: { background: '#000', foreground: '#111', accent: '#222' },
      },
    },
  ],
  mentions: [{ id: '5', username: 'ada', acct: 'ada@c.example', url: 'https://c.example/@ada' }],
  tags: [{ name: 'cats', url: 'https://b.example/tags/cats', history: [{ day: '1', uses: '2', accounts: '3' }] }],
  emojis: [{ shortcode: 'dog', url: 'u', static_url: 's', visible_in_picker: false }],
  card: {
    url: 'u',
    title: 't',
    description: 'd',
    type: 'link',
    author_name: 'an',
    author_url: 'au',
    provider_name: 'pn',
    provider_url: 'pu',
    html: '<iframe>',
    width: 10,
    height: 20,
    image: null,
    image_description: 'id',
    blurhash: null,
    embed_url: 'e',
    language: 'de',
    published_at: '2026-01-01T00:00:00.000Z',
    authors: [{ name: 'x', url: 'y' }],
  },
  poll: {
    id: '8',
    expires_at: '2026-12-01T00:00:00.000Z',
    expired: false,
    multiple: true,
    votes_count: 6,
    voters_count: 0,
    options: [
      { title: 'a', votes_count: 6 },
      { title: 'b', votes_count: null },
    ],
    emojis: [],
    voted: true,
    own_votes: [0],
  },
  application: { name: 'Web', website: 'https://w.example', client_id: 'x', client_secret: 'y' },
  quote: { state: 'accepted', quoted_status: { id: '50', uri: 'q', visibility: 'public', content: 'quoted' } },
  quote_approval: { automatic: ['public'], manual: ['followers'], current_user: 'automatic' },
};

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== 'object' || value === null) return value;
  const rename = (name: string) => name.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [rename(name), camel(inner)]));
}

describe('toPublicPost', () => {
  it('carries everything of substance', () => {
    const post = toPublicPost(STATUS);
    expect(post).toMatchObject({
      id: '100',
      inReplyToId: '99',
      createdAt: new Date('2026-11-20T10:00:00.123Z'),
      editedAt: new Date('2026-11-20T11:00:00.456Z'),
      spoilerText: 'cw',
      quotesCount: 4,
      language: 'en',
      application: { name: 'Web', website: 'https://w.example' },
      quoteApproval: { automatic: ['public'], manual: ['followers'] },
      quote: { state: 'accepted', quotedStatus: { id: '50', content: 'quoted' } },
      tags: [{ name: 'cats', history: [{ day: '1', uses: '2', accounts: '3' }] }],
      poll: { votersCount: 0, options: [{ votesCount: 6 }, { votesCount: undefined }] },
      card: {
        html: '<iframe>',
        image: '',
        publishedAt: new Date('2026-01-01T00:00:00.000Z'),
        authors: [{ name: 'x' }],
      },
    });
    expect(post.mediaAttachments[0]).toMatchObject({
      previewRemoteUrl: 'pr',
      meta: { original: { frameRate: '30/1', duration: 2.5 }, focus: { x: -0.5 }, colors: { accent: '#222' } },
    });
    expect(post.account).toMatchObject({
      acct: 'grace@b.example',
      discoverable: false,
      indexable: true,
      noindex: false,
      hideCollections: true,
      lastStatusAt: '2026-11-20',
      headerDescription: 'a hill',
      fields: [{ name: 'n', verifiedAt: new Date('2021-01-02T00:00:00.000Z') }],
      roles: [{ name: 'Owner' }],
      emojis: [{ category: 'animals' }],
    });
  });

  it('leaves out what is the reading account’s own, and the secrets of applications', () => {
    const post = toPublicPost(STATUS);
    expect(post).toMatchObject({ favourited: '', reblogged: '', bookmarked: '', muted: '', pinned: '' });
    expect(post.poll).toMatchObject({ voted: false, ownVotes: [] });
    expect(post.account?.source).toBeUndefined();
    expect(post.application).toMatchObject({ clientId: '', clientSecret: '' });
  });

  it('reads the wire form and the form of masto.js alike', () => {
    expect(toPublicPost(camel(STATUS))).toEqual(toPublicPost(STATUS));
  });

  it('survives the wire whole', () => {
    const post = toPublicPost(STATUS);
    expect(PublicPost.decode(PublicPost.encode(post).finish())).toEqual(post);
  });

  it('reads a status of a server that says little', () => {
    const post = toPublicPost({ id: 17, content: null, account: { acct: 'x' }, media_attachments: null, poll: [] });
    expect(post).toMatchObject({ id: '17', content: '', visibility: '', createdAt: undefined, poll: undefined });
    expect(post.account).toMatchObject({ acct: 'x', indexable: undefined, noindex: undefined });
  });

  it('does not follow boosts of boosts for ever', () => {
    const deep = Array.from({ length: 50 }).reduce<object>((reblog, _, i) => ({ id: String(i), reblog }), {});
    expect(toPublicPost(deep).reblog?.reblog?.reblog?.id).toBe('46');
    expect(toPublicPost(deep).reblog?.reblog?.reblog?.reblog).toBeUndefined();
  });

  it('never throws and always gives something that can be encoded, whatever a server sends', () => {
    const names = fc.constantFrom(
      ...Object.keys(STATUS),
      ...Object.keys(ACCOUNT),
      'meta',
      'original',
      'width',
      'aspect',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, fc.jsonValue(), fc.date(), fc.double(), tie('list'), tie('object')),
      list: fc.array(tie('tree'), { maxLength: 3 }),
      object: fc.dictionary(names, tie('tree'), { maxKeys: 12 }),
    }));
    fc.assert(
      fc.property(fc.dictionary(names, tree, { maxKeys: 30 }), (status) => {
        PublicPost.decode(PublicPost.encode(toPublicPost(status)).finish());
      }),
      { numRuns: 500 },
    );
  });
});
