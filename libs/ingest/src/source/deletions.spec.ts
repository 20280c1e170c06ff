import { Logger } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { NamedPost } from '@hub/storage';
import { Registry } from 'prom-client';
import { SYSTEM_CLOCK, type Clock } from '../clock.ts';
import { IngestMetrics } from '../metrics.ts';
import { startRig, type Rig } from '../testkit/rig.ts';
import { Deletions } from './deletions.ts';

Logger.overrideLogger(false);

const { signal: never } = new AbortController();

interface Around {
  /** What the store knows, by local id at a.example. */
  posts?: Record<string, NamedPost>;
  /** The other servers that are read; they all answer as the rig's does. */
  peers?: string[];
  clock?: Clock;
  fails?: boolean;
}

function deletionsAt(rig: Rig, { posts = {}, peers = ['b.example', 'home.example'], clock, fails = false }: Around) {
  const named = (_: string, id: string) =>
    fails ? Promise.reject(new Error('the store is away')) : Promise.resolve(posts[id]);
  const metrics = new IngestMetrics(new Registry());
  const deletions = new Deletions({
    source: 'a.example',
    stream: 'public',
    lane: rig.lane,
    store: { named },
    peer: (host) => (peers.includes(host) ? rig.api : undefined),
    hasPeers: () => peers.length > 0,
    metrics,
    clock: clock ?? SYSTEM_CLOCK,
  });
  return { deletions, metrics };
}

/** A post of home.example that a.example calls `id`, and others as told. */
const shownBy = (id: string, others: Record<string, string>, home = 'home.example'): NamedPost => ({
  uri: `https://${home}/posts/${id}`,
  names: [
    { source: 'a.example', localId: id },
    ...Object.entries(others).map(([source, localId]) => ({ source, localId })),
  ],
});

/** The rig's server has these posts. */
function has(rig: Rig, ...there: string[]): void {
  rig.server.answer = (url) => ({
    body: url.searchParams.getAll('id[]').flatMap((id) => (there.includes(id) ? [{ id }] : [])),
  });
}

/** Resolves when so many of the deletions that were taken have counted, or been withheld. */
async function decided(rig: Rig, { metrics }: { metrics: IngestMetrics }, count: number): Promise<string[]> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline;) {
    const withheld = (await metrics.withheld.get()).values.reduce((sum, { value }) => sum + value, 0);
    if (rig.events.length + withheld >= count) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return rig.events.map(({ localId }) => localId).sort();
}

describe('a deletion', () => {
  it('counts at once where the post is of the server that tells it, or is shown by no other', async () => {
    await using rig = await startRig();
    has(rig, 'b1', 'b2');
    const posts = {
      '1': shownBy('1', { 'b.example': 'b1' }, 'a.example'),
      '2': shownBy('2', { 'unread.example': 'b2' }),
    };
    const at = deletionsAt(rig, { posts });
    for (const id of ['1', '2', 'unknown']) at.deletions.take(id, 'live', never);
    expect(await decided(rig, at, 3)).toEqual(['1', '2', 'unknown']);
    expect(rig.server.asked).toEqual([]);
  });

  it('of a mere observer counts only if no other server shows the post any more', async () => {
    await using rig = await startRig();
    has(rig, 'b1');
    const posts = { '1': shownBy('1', { 'b.example': 'b1' }), '2': shownBy('2', { 'b.example': 'b2' }) };
    const at = deletionsAt(rig, { posts });
    for (const id of ['1', '2']) at.deletions.take(id, 'live', never);
    expect(await decided(rig, at, 2)).toEqual(['2']);
    expect((await at.metrics.withheld.get()).values).toMatchObject([{ value: 1, labels: { source: 'a.example' } }]);
  });

  it('is for the post’s own server to say, if that is read', async () => {
    await using rig = await startRig();
    has(rig, 'b1');
    const posts = { '1': shownBy('1', { 'b.example': 'b1', 'home.example': 'h1' }) };
    const at = deletionsAt(rig, { posts });
    at.deletions.take('1', 'live', never);
    expect(await decided(rig, at, 1)).toEqual(['1']);
    expect(rig.server.asked).toEqual(['/api/v1/statuses?id[]=h1']);
  });

  it('counts in doubt: no answer, none in time, no store, a stop', async () => {
    await using rig = await startRig();
    const posts = { '1': shownBy('1', { 'b.example': 'b1' }) };
    rig.server.answer = () => ({ status: 403 });
    const refused = deletionsAt(rig, { posts });
    refused.deletions.take('1', 'live', never);
    expect(await decided(rig, refused, 1)).toHaveLength(1);

    rig.server.answer = () => ({ status: 503 });
    const impatient = { ...SYSTEM_CLOCK, pause: () => Promise.resolve() };
    const late = deletionsAt(rig, { posts, clock: impatient });
    late.deletions.take('1', 'live', never);
    expect(await decided(rig, late, 2)).toHaveLength(2);

    const away = deletionsAt(rig, { posts, fails: true });
    away.deletions.take('1', 'live', never);
    expect(await decided(rig, away, 3)).toHaveLength(3);

    const stopped = deletionsAt(rig, { posts });
    const stop = new AbortController();
    stopped.deletions.take('1', 'live', stop.signal);
    stop.abort();
    expect(await decided(rig, stopped, 4)).toHaveLength(4);
  });

  it('is asked about with others, twenty at once', async () => {
    await using rig = await startRig();
    has(rig);
    const ids = Array.from({ length: 50 }, (_, i) => String(i));
    const posts = Object.fromEntries(ids.map((id) => [id, shownBy(id, { 'b.example': `b${id}` })]));
    const at = deletionsAt(rig, { posts });
    for (const id of ids) at.deletions.take(id, 'live', never);
    expect(await decided(rig, at, 50)).toHaveLength(50);
    expect(rig.server.asked.length).toBeLessThanOrEqual(4);
  });
});
