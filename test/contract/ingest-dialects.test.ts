import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { until } from '../e2e/support/apps.ts';
import { DialectServer } from './support/dialect-server.ts';
import { IngestRig } from './support/ingest-rig.ts';

const WITHIN_MS = 20_000;
const stream = 'public' as const;

/** Frames of a GoToSocial server: ULIDs for ids, a poll, a content warning, a reply, an edit and a deletion. */
const GOTOSOCIAL = readFileSync(new URL('../fixtures/streams/gotosocial.ndjson', import.meta.url), 'utf8')
  .trim()
  .split('\n');

async function live(rig: IngestRig): Promise<void> {
  const state = () => Promise.resolve(rig.ingest.sources()[0]?.state);
  expect(await until(state, (now) => now === 'live', WITHIN_MS)).toBe('live');
}

function holds(rig: IngestRig, ...uris: string[]): Promise<string[]> {
  const held = () => Promise.resolve([...rig.versions().keys()].sort());
  return until(held, (found) => JSON.stringify(found) === JSON.stringify([...uris].sort()), WITHIN_MS);
}

/** As Pleroma and Akkoma write it: ids that are no numbers, things of their own, and others that are not there. */
const pleroma = (id: string, more: object = {}) => ({
  id,
  uri: `https://pl.example/objects/${id}`,
  url: `https://pl.example/notice/${id}`,
  created_at: '2026-11-20T10:00:00.000Z',
  visibility: 'public',
  content: '<p>From the other side</p>',
  text: null,
  emoji_reactions: [],
  account: {
    id: 'AXfZ',
    username: 'lain',
    acct: 'lain',
    fqn: 'lain@pl.example',
    url: 'https://pl.example/users/lain',
    note: '',
    pleroma: { is_admin: false, relationship: {}, tags: [] },
    source: { fields: [], pleroma: { discoverable: false } },
  },
  media_attachments: [],
  mentions: [],
  tags: [],
  pleroma: { local: true, conversation_id: 7, content: { 'text/plain': 'From the other side' }, emoji_reactions: [] },
  ...more,
});
const update = (status: object) => JSON.stringify({ event: 'update', payload: JSON.stringify(status) });

describe('a server of another kind:', () => {
  it('GoToSocial', async () => {
    const statuses = GOTOSOCIAL.flatMap((line) => {
      const { event, payload } = JSON.parse(line) as { event: string; payload: string };
      return event === 'update' ? [JSON.parse(payload) as Record<string, unknown>] : [];
    });
    const [first = '', second = '', , fourth = ''] = statuses.map(({ uri }) => String(uri));
    const posts: Record<string, unknown>[] = [];
    await using server = await DialectServer.start({ posts, batches: 405 });
    await using rig = await IngestRig.start();
    const source = { server: server.url, stream };
    await rig.readSources([source]);
    await live(rig);
    server.send(...GOTOSOCIAL);
    expect(await holds(rig, first, second, fourth)).toHaveLength(3);
    expect(rig.versions().get(first)).toBe('2026-11-23T01:41:26.419Z');

    // Away: the second is deleted, another comes. It has no reading of several posts at once.
    await rig.stopReader();
    const fifth = {
      ...statuses[1],
      id: '01M8311ZZZ0000000000000000',
      uri: 'https://gts.example/users/grace/statuses/5',
    };
    posts.push(...statuses.filter(({ uri }) => uri === first || uri === fourth), fifth);
    await rig.readSources([source]);
    expect(await holds(rig, first, fourth, fifth.uri)).toHaveLength(3);
    expect(server.asked.filter((path) => path.startsWith('/api/v1/statuses?'))).toHaveLength(1);
    expect(rig.gaps()).toEqual([]);
  }, 60_000);

  it('Pleroma', async () => {
    await using server = await DialectServer.start({ posts: [], instance: { uri: 'pl.example', version: '2.7.2' } });
    await using rig = await IngestRig.start();
    await rig.readSources([{ server: server.url, stream }]);
    await live(rig);
    const one = pleroma('AcN2xVqv0V2fG5iC8O');
    server.send(
      update(one),
      update(pleroma('AcN2xVqv0V2fG5iC8P', { visibility: 'local' })),
      update(pleroma('AcN2xVqv0V2fG5iC8Q', { visibility: 'list' })),
      JSON.stringify({ event: 'pleroma:chat_update', payload: '{"id":"1"}' }),
      JSON.stringify({ event: 'pleroma:respond', payload: '{"result":"ignored"}' }),
      'not even JSON',
      update({ id: 'bare', uri: 'https://pl.example/objects/bare', visibility: 'public', created_at: one.created_at }),
    );
    expect(await holds(rig, one.uri, 'https://pl.example/objects/bare')).toHaveLength(2);
    expect(await rig.metric('skipped_frames_total', { reason: 'other' })).toBe(2);
    expect(await rig.metric('skipped_frames_total', { reason: 'malformed' })).toBe(1);
    expect(await rig.metric('refused_total', { reason: 'not_public' })).toBe(2);
  }, 60_000);
});
