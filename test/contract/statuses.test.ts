import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Post } from '@hub/contracts';
import { decodeEvent, encodeEvent } from '@hub/contracts/proto';
import { toPublicPost } from '@hub/ingest';
import { processEvent } from '@hub/processing';
import type { UpsertChange } from '@hub/storage';
import { whatIsLost } from './support/what-is-lost.ts';

const folder = new URL('../fixtures/statuses/', import.meta.url);
const OBSERVED = new Date('2026-11-20T10:00:00Z');

function status(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'));
}

/** A Status on its way from a server's JSON over the wire to what readers get. */
function process(json: unknown): ReturnType<typeof processEvent> {
  const post = toPublicPost(json);
  const event = { $case: 'created' as const, value: { post } };
  const source = 'mastodon.example';
  const envelope = encodeEvent({
    source,
    localId: post.id,
    observedAt: OBSERVED,
    ingestSequence: 1,
    stream: 'public',
    event,
  });
  return processEvent(decodeEvent(envelope, 0), 'default');
}

function stored(name: string): UpsertChange {
  const processed = process(status(name));
  if (processed.kind !== 'change' || processed.change.kind !== 'upsert') throw new Error('not stored');
  return processed.change;
}

const post = (name: string): Post => stored(name).post;

const names = readdirSync(folder).map((file) => file.replace('.json', ''));

describe('statuses of real shapes', () => {
  it.each(names.filter((name) => name !== 'mastodon-unlisted'))('%s passes through whole', (name) => {
    expect(whatIsLost(status(name), post(name))).toEqual([]);
  });

  it('would show a loss', () => {
    expect(whatIsLost(status('mastodon-poll'), { ...post('mastodon-poll'), poll: null })).toEqual(['.poll']);
  });

  it('stops what is not public', () => {
    expect(process(status('mastodon-unlisted'))).toEqual({ kind: 'refused', reason: 'not_public' });
  });

  it('reads the facts of a rich post', () => {
    expect(post('mastodon-rich')).toMatchObject({
      account: { acct: 'ada@mastodon.example' },
      created_at: '2026-11-20T08:15:30.123Z',
      hub: {
        instance: 'mastodon.example',
        text: '@bo Ein Zaunkönig & eine Meise :wren: 🐦\nMehr: https://birds.example/wren?a=1&b=2\n\n#Zaunkönig',
        hashtags: ['zaunkönig'],
        links: ['https://birds.example/wren?a=1&b=2'],
        media: ['image', 'video'],
        emoji: [':wren:', '🐦'],
        searchable: true,
      },
    });
  });

  it('reads Markdown of another server, with its layout', () => {
    expect(post('gotosocial-rich')).toMatchObject({
      account: { acct: 'grace@gts.example', indexable: null },
      hub: { text: 'Code:\n\nif (a < b) {\n  sing();\n}\n\none\ntwo\n\n#Moor', hashtags: ['moor'], media: ['gifv'] },
    });
  });

  it('keeps a boost for a day and out of search if the boosted author wants that', () => {
    const change = stored('mastodon-boost');
    expect(change.post).toMatchObject({ language: 'en', sensitive: true, spoiler_text: 'Bird' });
    expect(change.post.hub.searchable).toBe(false);
    expect(change.expiresAt).toBe(OBSERVED.getTime() + 86_400_000);
    expect(change.references).toEqual([
      {
        kind: 'boost',
        uri: 'https://other.example/users/bo/statuses/115600000000000001',
        localId: '115600000000000001',
      },
    ]);
  });
});
