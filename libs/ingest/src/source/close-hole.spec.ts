import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { StreamGap } from '@hub/contracts/proto';
import { SYSTEM_CLOCK } from '../clock.ts';
import { startRig, type Rig } from '../testkit/rig.ts';
import type { Answer } from '../testkit/mastodon-server.ts';
import { Checkpoint } from './checkpoint.ts';
import { closeHole } from './close-hole.ts';
import type { OpenGap } from './gap-list.ts';

Logger.overrideLogger(false);

const LIVE_SINCE = Date.parse('2026-11-20T12:00:00Z');
const STOPPED = Date.parse('2026-11-20T11:00:00Z');
const { signal: never } = new AbortController();

function checkpointAt(id: string | undefined): Checkpoint {
  const nowhere = { get: () => Promise.resolve(undefined), set: () => Promise.resolve() };
  const checkpoint = new Checkpoint(nowhere, 'x');
  checkpoint.begin(id, STOPPED);
  return checkpoint;
}

const pad = (id: number) => String(id).padStart(6, '0');
const createdAt = (id: number) => new Date(STOPPED + id * 1000).toISOString();
const status = (id: number) => ({
  id: pad(id),
  uri: `https://a.example/${id}`,
  visibility: 'public',
  created_at: createdAt(id),
});

/** A timeline of posts 1 to `count`, newest first, as min_id pages it; `head` is the newest when the hole begins to be closed. */
function timeline(count: number, head = count): (url: URL) => Answer {
  return (url) => {
    const after = url.searchParams.get('min_id');
    if (after === null) return { body: [status(head)] };
    const ids = Array.from(
      { length: Math.max(0, Math.min(40, count - Number(after))) },
      (_, i) => Number(after) + 1 + i,
    );
    return { body: ids.toReversed().map(status) };
  };
}

function close(
  rig: Rig,
  checkpoint: Checkpoint,
  live: string[] = [],
  signal = never,
  patience = 60_000,
): Promise<void> {
  const hole = {
    api: rig.api,
    lane: rig.lane,
    stream: 'public' as const,
    source: 'a.example',
    liveSince: LIVE_SINCE,
    settleMs: 0,
    retry: { base: 10, cap: 10, patience },
    clock: SYSTEM_CLOCK,
    tryLater: (gap: OpenGap) => Promise.resolve(void later.push(gap)),
  };
  return closeHole({ ...hole, checkpoint, end: { live: new Set(live) } }, signal);
}

/** What is to be tried again. */
const later: OpenGap[] = [];
beforeEach(() => void later.splice(0));

function gapOf(rig: Rig): StreamGap | undefined {
  const event = rig.events.at(-1)?.event;
  return event?.$case === 'gap' ? event.value : undefined;
}

describe('closeHole', () => {
  it('reads oldest first from the checkpoint to the end', async () => {
    await using rig = await startRig();
    rig.server.answer = timeline(100);
    const checkpoint = checkpointAt(pad(5));
    await close(rig, checkpoint);
    expect(rig.events.map(({ localId }) => Number(localId))).toEqual(Array.from({ length: 95 }, (_, i) => i + 6));
    expect(checkpoint.at).toBe(LIVE_SINCE);
  });

  it('stops a page after the newest post of when the stream was live again', async () => {
    await using rig = await startRig();
    rig.server.answer = timeline(1000, 70);
    await close(rig, checkpointAt(pad(0)));
    expect(rig.events).toHaveLength(120);
    expect(gapOf(rig)).toBeUndefined();
  });

  it('does not take late posts that came live for the end of the hole', async () => {
    await using rig = await startRig();
    rig.server.answer = timeline(100);
    await close(
      rig,
      checkpointAt(pad(0)),
      Array.from({ length: 40 }, (_, i) => pad(i + 1)),
    );
    expect(rig.events).toHaveLength(100);
  });

  it('ends with the timeline, even if its newest post was deleted meanwhile', async () => {
    await using rig = await startRig();
    rig.server.answer = timeline(100, 2000);
    await close(rig, checkpointAt(pad(0)), [pad(99), pad(100)]);
    expect(rig.events).toHaveLength(100);
    expect(gapOf(rig)).toBeUndefined();
  });

  it('records a gap where the server shows no timeline', async () => {
    await using rig = await startRig();
    rig.server.answer = () => ({ status: 422, body: { error: 'This method requires an authenticated user' } });
    const checkpoint = checkpointAt(pad(5));
    await close(rig, checkpoint);
    const span = { from: new Date(STOPPED), to: new Date(LIVE_SINCE), reason: 'backfill_incomplete' };
    expect(gapOf(rig)).toEqual({ ...span, closedAt: undefined });
    expect(later).toEqual([{ from: STOPPED, to: LIVE_SINCE, reason: 'backfill_incomplete', start: pad(5) }]);
    expect(checkpoint.at).toBe(LIVE_SINCE);
  });

  it('asks again for as long as that can help, and records a gap when it does not', async () => {
    const rounds = 7; // more than one call asks by itself
    await using rig = await startRig();
    const later = timeline(100);
    rig.server.answer = (url) => (rig.server.asked.length > rounds ? later(url) : { status: 503 });
    const checkpoint = checkpointAt(pad(5));
    await close(rig, checkpoint);
    expect(rig.events).toHaveLength(95);
    expect(gapOf(rig)).toBeUndefined();

    rig.server.answer = () => ({ status: 503 });
    await close(rig, checkpointAt(pad(5)), [], never, 0);
    expect(gapOf(rig)).toMatchObject({ from: new Date(STOPPED), reason: 'backfill_incomplete' });
  }, 60_000);

  it('records a gap where the server knows no min_id', async () => {
    await using rig = await startRig();
    rig.server.answer = (url) => ({ body: [3, 2, 1].slice(0, Number(url.searchParams.get('limit'))).map(status) });
    await close(rig, checkpointAt(pad(0)));
    expect(gapOf(rig)?.from).toEqual(new Date(createdAt(3)));
    expect(rig.events.at(-1)?.event?.$case).toBe('gap');
    expect(later).toEqual([]);
  });

  it('reads 250 pages at most, and records what is left', async () => {
    await using rig = await startRig();
    rig.server.answer = timeline(20_000);
    await close(rig, checkpointAt(pad(0)));
    expect(rig.events.filter(({ event }) => event?.$case === 'created')).toHaveLength(10_000);
    expect(gapOf(rig)?.from).toEqual(new Date(createdAt(10_000)));
  }, 60_000);

  it('leaves the checkpoint before the hole when it is stopped', async () => {
    await using rig = await startRig();
    const stop = new AbortController();
    rig.server.answer = (url) => {
      if (rig.server.asked.length === 3) stop.abort();
      return timeline(1000)(url);
    };
    const checkpoint = checkpointAt(pad(0));
    await close(rig, checkpoint, [], stop.signal);
    expect(checkpoint.at).toBe(Date.parse(createdAt(40)));
    expect(gapOf(rig)).toBeUndefined();
  });
});
