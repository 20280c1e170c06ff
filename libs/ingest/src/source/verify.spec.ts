import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { ObservedPost } from '@hub/storage';
import { SYSTEM_CLOCK } from '../clock.ts';
import { startRig, type Rig } from '../testkit/rig.ts';
import { verify } from './verify.ts';

Logger.overrideLogger(false);

const AT = Date.parse('2026-11-20T10:00:00Z');
const FAST = { rounds: [0, 10, 10], secondLookMs: 5, retry: { base: 5, cap: 5, patience: 60_000 } };
const stored = (count: number): ObservedPost[] =>
  Array.from({ length: count }, (_, i) => ({ localId: String(i), uri: `https://a.example/${i}`, at: AT }));

/** The server's posts by id; `edited` is an edited_at. */
function serve(rig: Rig, posts: Map<string, string | null>): void {
  const status = (id: string) => ({
    id,
    uri: `https://a.example/${id}`,
    visibility: 'public',
    edited_at: posts.get(id),
  });
  rig.server.answer = (url) => {
    const ids = url.searchParams.getAll('id[]');
    return { body: ids.filter((id) => posts.has(id)).map(status) };
  };
}

async function run(rig: Rig, posts: () => ObservedPost[], since = AT + 1000): Promise<void> {
  const index = { observed: () => Promise.resolve(posts()) };
  const task = {
    api: rig.api,
    lane: rig.lane,
    source: 'a.example',
    index,
    since,
    deletions: { take: (id: string) => void rig.lane.emit({ kind: 'deleted', id }, 'verify') },
    clock: SYSTEM_CLOCK,
  };
  await verify(task, new AbortController().signal, FAST);
  await rig.sent();
}

const seen = (rig: Rig) => rig.events.map(({ localId, event }) => `${event?.$case} ${localId}`);
const all = (count: number) =>
  new Map<string, string | null>(Array.from({ length: count }, (_, i) => [String(i), null]));

describe('verify', () => {
  it('finds what was deleted and what was edited, in batches of 20', async () => {
    await using rig = await startRig();
    const posts = all(50);
    posts.delete('7');
    posts.delete('41');
    posts.set('30', new Date(AT + 500).toISOString());
    posts.set('31', new Date(AT).toISOString());
    serve(rig, posts);
    await run(rig, () => stored(50));
    expect(seen(rig).sort()).toEqual(['deleted 41', 'deleted 7', 'edited 30']);
    expect(rig.server.asked).toHaveLength(4);
  });

  it('does not conclude a deletion from one absence', async () => {
    await using rig = await startRig();
    serve(rig, all(10));
    const { answer } = rig.server;
    rig.server.answer = (url) => (rig.server.asked.length === 1 ? { body: [] } : answer(url));
    await run(rig, () => stored(10));
    expect(seen(rig)).toEqual([]);
    expect(rig.server.asked).toHaveLength(2);
  });

  it('goes on after answers that failed', async () => {
    await using rig = await startRig();
    const posts = all(30);
    posts.delete('29');
    serve(rig, posts);
    const { answer } = rig.server;
    // More than one call asks by itself.
    rig.server.answer = (url) => (rig.server.asked.length <= 7 ? { status: 503 } : answer(url));
    await run(rig, () => stored(30));
    expect(seen(rig)).toEqual(['deleted 29']);
  }, 60_000);

  it('looks also at what reached the store later', async () => {
    await using rig = await startRig();
    serve(rig, new Map());
    let round = 0;
    await run(rig, () => ((round += 1) === 1 ? [] : stored(1)));
    expect(seen(rig)).toEqual(['deleted 0']);
    expect(round).toBe(3);
  });

  it('leaves alone what came over the stream since', async () => {
    await using rig = await startRig();
    serve(rig, new Map());
    await run(rig, () => stored(5), AT - 1);
    expect(rig.server.asked).toEqual([]);
  });

  it('asks one by one where the server cannot do it otherwise', async () => {
    await using rig = await startRig();
    rig.server.answer = ({ pathname }) => {
      if (pathname === '/api/v1/statuses') return { status: 405, body: { error: 'method not allowed' } };
      return pathname.endsWith('/2')
        ? { status: 404, body: { error: 'x' } }
        : { body: { id: pathname.split('/').at(-1) } };
    };
    await run(rig, () => stored(4));
    expect(seen(rig)).toEqual(['deleted 2']);
    expect(rig.server.asked.filter((path) => path.startsWith('/api/v1/statuses?'))).toHaveLength(1);
  });

  it('does not believe a server that knows nothing at all', async () => {
    await using rig = await startRig();
    serve(rig, new Map());
    await run(rig, () => stored(60));
    expect(seen(rig)).toEqual([]);
  });
});
