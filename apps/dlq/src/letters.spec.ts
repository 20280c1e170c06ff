import { describe, expect, it } from '@jest/globals';
import { encodeEvent, PublicPost, type Envelope, type PostEvent } from '@hub/contracts/proto';
import type { DeadLetter } from '@hub/messaging';
import { describeLetter, details, summarize, table } from './describe.ts';
import { allLetters, findLetters } from './letters.ts';
import { replay } from './replay.ts';

const letter = (id: string, changes: Partial<DeadLetter> = {}): DeadLetter => ({
  id,
  key: `home.example/${id}`,
  value: Buffer.from(`words ${id}`),
  headers: { ce_type: 'hubapiv1.post.created' },
  reason: 'invalid_event',
  detail: 'the value is not readable as protobuf',
  origin: `mastodon-posts/0@${id}`,
  failedAt: new Date('2026-11-01T10:00:00Z'),
  ...changes,
});

const box = (letters: readonly DeadLetter[]) => ({
  list: async ({ after, limit }: { after?: string; limit: number }) =>
    letters.slice(letters.findIndex(({ id }) => id === after) + 1).slice(0, limit),
  count: async () => letters.length,
});

const many = Array.from({ length: 250 }, (_, i) => letter(String(i)));

function anEvent(visibility: string): Envelope {
  const post = PublicPost.fromPartial({ id: '1', uri: 'https://home.example/1', visibility, content: 'geheim' });
  const event: PostEvent = {
    source: 'home.example',
    localId: '1',
    observedAt: new Date(0),
    ingestSequence: 1,
    stream: 'public',
    event: { $case: 'created', value: { post } },
  };
  return encodeEvent(event);
}

describe('letters', () => {
  it('come all, over all pages, and single ones by their ids', async () => {
    for (const all of [many, many.slice(0, 200), []]) {
      expect(await Array.fromAsync(allLetters(box(all)))).toEqual(all);
    }
    const { found, absent } = await findLetters(box(many), ['249', 'nope', '3']);
    expect(found.map(({ id }) => id)).toEqual(['3', '249']);
    expect(absent).toEqual(['nope']);
  });
});

describe('describeLetter', () => {
  it('shows the event where there is one that may be shown', () => {
    const { event, withheld } = describeLetter(letter('1', anEvent('public')), 'default');
    expect(event).toMatchObject({ localId: '1', event: { value: { post: { content: 'geheim' } } } });
    expect(withheld).toBeUndefined();
  });

  it.each(['private', 'direct', 'unlisted'])('never shows a %s post', (visibility) => {
    const description = describeLetter(letter('1', anEvent(visibility)), 'off');
    expect(JSON.stringify(description)).not.toContain('geheim');
    expect(description.withheld).toContain('not_public');
  });

  it('says why there is nothing to show, and never the bytes', () => {
    const description = describeLetter(letter('1'), 'default');
    expect(description).toMatchObject({ bytes: 7, withheld: expect.stringMatching(/protobuf|says nothing/) });
    expect(JSON.stringify(description)).not.toContain('words');
  });
});

describe('for a terminal', () => {
  it('are columns, and nothing that steers it', () => {
    const rows = [letter('1'), letter('23', { key: 'a\u001B[2Jb\n', failedAt: new Date(Number.NaN) })].map(summarize);
    expect(table(rows)).toBe(
      [
        'id  failedAt                  reason         origin               key',
        '1   2026-11-01T10:00:00.000Z  invalid_event  mastodon-posts/0@1   home.example/1',
        '23  unknown                   invalid_event  mastodon-posts/0@23  a�[2Jb',
        '',
      ].join('\n'),
    );
    expect(details(describeLetter(letter('1', { detail: 'x\u202Ey' }), 'default'))).toContain('detail: x�y');
  });
});

describe('replay', () => {
  it('publishes what the letters were, in order, each message once', async () => {
    const published: Envelope[] = [];
    const publisher = {
      publish: async (batch: readonly Envelope[]) => void published.push(...batch),
      close: async () => undefined,
    };
    const diedAgain = letter('300', { key: many[0]?.key ?? '', value: many[0]?.value ?? new Uint8Array() });
    const ids = await Array.fromAsync(replay([...many, diedAgain], publisher));
    expect(ids).toEqual(many.map(({ id }) => id));
    expect(published).toEqual(many.map(({ key, value, headers }) => ({ key, value, headers })));
  });

  it('tells only of those that the broker has', async () => {
    let calls = 0;
    const publisher = {
      publish: async () => {
        if (++calls > 1) throw new Error('away');
      },
      close: async () => undefined,
    };
    const ids: string[] = [];
    const all = async () => {
      for await (const id of replay(many, publisher)) ids.push(id);
    };
    await expect(all()).rejects.toThrow('away');
    expect(ids).toHaveLength(100);
  });
});
