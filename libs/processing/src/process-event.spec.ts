import { describe, expect, it } from '@jest/globals';
import { searchableText, words } from '@hub/contracts';
import type { UpsertChange } from '@hub/storage';
import { PublicPost } from '@hub/contracts/proto';
import { anEvent, aPublicPost, created, edited, OBSERVED } from './an-event.fixture.ts';
import { preparePost, processEvent } from './process-event.ts';

function upsert(event: Parameters<typeof processEvent>[0]): UpsertChange {
  const processed = processEvent(event, 'default');
  if (processed.kind !== 'change' || processed.change.kind !== 'upsert') throw new Error('not stored');
  return processed.change;
}

const refusal = (event: Parameters<typeof processEvent>[0]) => processEvent(event, 'default');
const account = (changes: object) => ({
  id: '7',
  username: 'ada',
  acct: 'ada',
  url: 'https://home.example/@ada',
  ...changes,
});

describe('processEvent', () => {
  it('makes a change that names the post, its version and where it was read', () => {
    const change = upsert(created(aPublicPost({ content: '<p>Hello #World</p>', tags: [{ name: 'World' }] })));
    expect(change).toMatchObject({
      kind: 'upsert',
      source: 'home.example',
      localId: '101',
      edited: false,
      version: { at: Date.parse('2026-11-01T10:00:00Z'), sequence: 1_793_527_201_000_000 },
      references: [],
    });
    expect(words(searchableText(change.post))).toEqual(['hello', 'world']);
    expect(change.expiresAt).toBeUndefined();
    expect(change.post.id).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(change.post.hub).toEqual({
      source: 'home.example',
      local_id: '101',
      instance: 'home.example',
      observed_at: OBSERVED.toISOString(),
      text: 'Hello #World',
      hashtags: ['world'],
      links: [],
      media: [],
      emoji: [],
      searchable: true,
      trendable: true,
    });
  });

  it('orders an edit after the creation, and by its own time', () => {
    const first = upsert(created(aPublicPost()));
    const same = upsert(edited(aPublicPost({ editedAt: new Date('2026-11-01T10:00:00.900Z'), content: '<p>b</p>' })));
    const later = upsert(edited(aPublicPost({ editedAt: new Date('2026-11-01T10:05:00Z'), content: '<p>c</p>' })));
    expect(same.edited).toBe(true);
    expect(same.post.id).toBe(first.post.id);
    expect(same.version.at).toBeGreaterThan(first.version.at);
    expect(later.version.at).toBeGreaterThan(same.version.at);
    expect(new Set([first.fingerprint, same.fingerprint, later.fingerprint]).size).toBe(3);
  });

  it('gives the id and version of the first source to a copy that knows only whole seconds', () => {
    const home = upsert(created(aPublicPost()));
    const copy = aPublicPost({
      id: '9',
      createdAt: new Date('2026-11-01T10:00:00Z'),
      account: account({ acct: 'ada@home.example' }),
    });
    const away = upsert(created(copy, { source: 'away.example' }));
    expect(away.post.id).toBe(home.post.id);
    expect(away.version.at).toBe(home.version.at);
    expect(away.post.account.acct).toBe(home.post.account.acct);
    expect(away.post.hub.instance).toBe('home.example');
  });

  it('passes deletions and gaps on', () => {
    const deleted = anEvent('101', { $case: 'deleted', value: { reason: 'deleted' } });
    expect(processEvent(deleted, 'default')).toEqual({
      kind: 'change',
      change: { kind: 'delete', source: 'home.example', localId: '101' },
    });
    const [from, to] = [new Date(1_000), new Date(2_000)];
    const gap = anEvent('', { $case: 'gap', value: { from, to, reason: 'disconnected', closedAt: undefined } });
    expect(processEvent(gap, 'default')).toEqual({
      kind: 'change',
      change: {
        kind: 'gap',
        gap: {
          source: 'home.example',
          stream: 'public',
          from: '1970-01-01T00:00:01.000Z',
          to: '1970-01-01T00:00:02.000Z',
          reason: 'disconnected',
        },
      },
    });
    const closed = anEvent('', {
      $case: 'gap',
      value: { from, to, reason: 'disconnected', closedAt: new Date(3_000) },
    });
    expect(processEvent(closed, 'default')).toMatchObject({
      change: { gap: { reason: 'disconnected', closed_at: '1970-01-01T00:00:03.000Z' } },
    });
  });

  it.each(['unlisted', 'private', 'direct', 'local', '', 'Public'])('refuses visibility %j', (visibility) => {
    expect(refusal(created(aPublicPost({ visibility })))).toEqual({ kind: 'refused', reason: 'not_public' });
    const boost = aPublicPost({ id: '102', reblog: aPublicPost({ visibility }) });
    expect(refusal(created(boost))).toEqual({ kind: 'refused', reason: 'not_public' });
  });

  it('takes a post back when an edit makes it one that may not be shown', () => {
    expect(refusal(edited(aPublicPost({ visibility: 'private' })))).toEqual({
      kind: 'change',
      change: { kind: 'delete', source: 'home.example', localId: '101' },
    });
  });

  it('takes a quoted post out that is not public, and leaves no word or reference of it', () => {
    const secret = aPublicPost({
      id: '5',
      uri: 'https://home.example/5',
      content: '<p>secret</p>',
      visibility: 'private',
    });
    const change = upsert(created(aPublicPost({ quote: { state: 'accepted', quotedStatus: secret } })));
    expect(JSON.stringify(change)).not.toMatch(/secret|example\/5/);
    expect(change.post.quote).toEqual({ state: 'unauthorized', quoted_status: null, quoted_status_id: null });
  });

  it('keeps a post out of search and for a day only if its author does not allow to be found', () => {
    const change = upsert(created(aPublicPost({ account: account({ indexable: false, discoverable: false }) })));
    expect(searchableText(change.post)).toBe('');
    expect(change.expiresAt).toBe(OBSERVED.getTime() + 86_400_000);
    expect(change.post.hub).toMatchObject({ searchable: false, trendable: false, text: 'Hello' });
  });

  it('reads a boost as what it boosts, with the booster as author', () => {
    const boosted = aPublicPost({
      id: '50',
      uri: 'https://away.example/50',
      content: '<p>Fish #Sea</p>',
      language: 'pt_br',
      sensitive: true,
      spoilerText: 'wet',
      mediaAttachments: [{ id: '1', type: 'image', url: 'https://away.example/1.png' }],
      account: account({ username: 'bo', acct: 'bo@away.example' }),
      quote: { state: 'accepted', quotedStatus: aPublicPost({ id: '40', uri: 'https://far.example/40' }) },
    });
    const change = upsert(created(aPublicPost({ content: '', reblog: boosted })));
    expect(change.post).toMatchObject({ language: 'pt-BR', sensitive: true, spoiler_text: 'wet' });
    expect(change.post.account.acct).toBe('ada@home.example');
    expect(change.post.reblog).toMatchObject({ id: '50', account: { acct: 'bo@away.example' } });
    expect(change.post.reblog).not.toHaveProperty('hub');
    expect(change.post.hub).toMatchObject({
      instance: 'home.example',
      text: 'Fish #Sea',
      hashtags: ['sea'],
      media: ['image'],
    });
    expect(words(searchableText(change.post))).toEqual(['wet', 'fish', 'sea']);
    expect(change.references).toEqual([
      { kind: 'boost', uri: 'https://away.example/50', localId: '50' },
      { kind: 'quote', uri: 'https://far.example/40', localId: '40' },
    ]);
  });

  it('only names a quote that stands in a quoted post', () => {
    const innermost = aPublicPost({ id: '3', uri: 'https://c.example/3' });
    const quoted = aPublicPost({
      id: '2',
      uri: 'https://b.example/2',
      quote: { state: 'accepted', quotedStatus: innermost },
    });
    const change = upsert(created(aPublicPost({ quote: { state: 'accepted', quotedStatus: quoted } })));
    expect(change.post.quote?.quoted_status?.quote).toEqual({
      state: 'accepted',
      quoted_status: null,
      quoted_status_id: '3',
    });
    expect(change.references).toEqual([{ kind: 'quote', uri: 'https://b.example/2', localId: '2' }]);
  });

  it('does not tell versions apart by what readers do not see', () => {
    const one = upsert(created(aPublicPost({ favouritesCount: 1, account: account({ followersCount: 5 }) })));
    const two = upsert(created(aPublicPost({ favouritesCount: 2, account: account({ followersCount: 6 }) })));
    expect(two.fingerprint).toBe(one.fingerprint);
  });

  it.each([
    ['content', { content: '<p>x</p>' }],
    ['content warning', { spoilerText: 'x' }],
    ['sensitive', { sensitive: true }],
    ['language', { language: 'de' }],
    ['media', { mediaAttachments: [{ id: '1' }] }],
    ['caption', { mediaAttachments: [{ id: '1', description: 'x' }] }],
    ['poll', { poll: { id: '1', options: [{ title: 'x' }] } }],
    ['card', { card: { url: 'https://x.example' } }],
    ['quote', { quote: { state: 'pending' } }],
    ['boosted post', { reblog: aPublicPost({ id: '2', content: '<p>x</p>' }) }],
  ])('tells versions apart by their %s', (_what, changes) => {
    expect(upsert(created(aPublicPost(changes))).fingerprint).not.toBe(upsert(created(aPublicPost())).fingerprint);
  });

  it('takes the creation for the observation if none is told', () => {
    const change = upsert(created(aPublicPost(), { observedAt: undefined }));
    expect(change.post.hub.observed_at).toBe('2026-11-01T10:00:00.250Z');
  });

  it('processes the same event to the same change', () => {
    const event = created(aPublicPost());
    expect(processEvent(event, 'default')).toEqual(processEvent(structuredClone(event), 'default'));
  });
});

describe('preparePost', () => {
  it('gives the cleaned post, and again the same from that', () => {
    const dirty = aPublicPost({
      content: '<p onclick="x">a</p>',
      card: { url: 'https://x.example', html: '<script>' },
    });
    const once = preparePost(created(dirty), 'default');
    if (once.kind !== 'post') throw new Error('refused');
    expect(once.post).toMatchObject({ content: '<p>a</p>', card: { html: '' }, account: { acct: 'ada@home.example' } });
    expect(preparePost(created(once.post), 'default')).toEqual(once);
    expect(PublicPost.decode(PublicPost.encode(once.post).finish())).toEqual(once.post);
  });

  it('refuses an edit as it does a creation', () => {
    expect(preparePost(edited(aPublicPost({ visibility: 'direct' })), 'off')).toEqual({
      kind: 'refused',
      reason: 'not_public',
    });
  });
});
