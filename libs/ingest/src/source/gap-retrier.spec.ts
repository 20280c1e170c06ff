import { Logger } from '@nestjs/common';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { SYSTEM_CLOCK, type Clock } from '../clock.ts';
import { IngestMetrics } from '../metrics.ts';
import type { Answer } from '../testkit/mastodon-server.ts';
import { startRig, type Rig } from '../testkit/rig.ts';
import { GapRetrier } from './gap-retrier.ts';

Logger.overrideLogger(false);

const FROM = Date.parse('2026-11-20T11:00:00Z');
const TO = FROM + 60_000;
const GAP = { from: FROM, to: TO, reason: 'backfill_incomplete', start: '10' };
const PACE = { retry: { base: 5, cap: 20 }, windowMs: 3_600_000 };
/** An hour is not over. */
const SOON: Clock = { ...SYSTEM_CLOCK, now: () => TO + 1000 };
const LATE: Clock = { ...SYSTEM_CLOCK, now: () => TO + PACE.windowMs + 1 };

/** Post n was created n seconds after the start. */
const status = (n: number) => ({
  id: String(n),
  uri: `https://a.example/${n}`,
  visibility: 'public',
  created_at: new Date(FROM + n * 1000).toISOString(),
});

/** A timeline of `count` posts as min_id pages it. */
function timeline(count: number): (url: URL) => Answer {
  return (url) => {
    const after = Number(url.searchParams.get('min_id'));
    const ids = Array.from({ length: Math.max(0, Math.min(40, count - after)) }, (_, i) => after + 1 + i);
    return { body: ids.toReversed().map(status) };
  };
}

class Retrying {
  readonly saved = new Map<string, string>();
  readonly metrics = new IngestMetrics(new Registry());
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  async start(rig: Rig, clock: Clock): Promise<GapRetrier> {
    const { saved, metrics } = this;
    const checkpoints = {
      get: (name: string) => Promise.resolve(saved.get(name)),
      set: (name: string, value: string) => Promise.resolve(void saved.set(name, value)),
    };
    const { api, lane } = rig;
    const parts = { api, lane, stream: 'public' as const, source: 'a.example', checkpoints, metrics, clock };
    const retrier = new GapRetrier(parts, PACE);
    await retrier.load();
    this.#running = retrier.run(this.#stop.signal);
    return retrier;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  get waiting(): unknown {
    return JSON.parse(this.saved.get('ingest/a.example/public/gaps') ?? '[]');
  }
}

jest.setTimeout(60_000);
const retrying: Retrying[] = [];
afterEach(async () => void (await Promise.all(retrying.splice(0).map((each) => each.stop()))));

function aRetrying(): Retrying {
  const one = new Retrying();
  retrying.push(one);
  return one;
}

/** Resolves when the producer has so many events. */
async function heard(rig: Rig, count: number): Promise<void> {
  for (const deadline = Date.now() + 20_000; rig.events.length < count && Date.now() < deadline;)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(rig.events.length).toBeGreaterThanOrEqual(count);
}

async function settled(test: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !test() && Date.now() < deadline;)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(test()).toBe(true);
}

describe('a gap', () => {
  it('is tried again until the server gives its posts, and then told as closed', async () => {
    await using rig = await startRig();
    let refusals = 3;
    rig.server.answer = (url) => (refusals-- > 0 ? { status: 422, body: { error: 'no' } } : timeline(500)(url));
    const one = aRetrying();
    const retrier = await one.start(rig, SOON);
    await retrier.add(GAP);
    await heard(rig, 121);
    const last = rig.events.at(-1)?.event;
    expect(last).toEqual({
      $case: 'gap',
      value: { from: new Date(FROM), to: new Date(TO), reason: GAP.reason, closedAt: new Date(SOON.now()) },
    });
    // From the post after the start, to the first page that has only later ones.
    expect(rig.events.slice(0, -1).map(({ localId }) => Number(localId))).toEqual(
      Array.from({ length: 120 }, (_, i) => i + 11),
    );
    await settled(() => JSON.stringify(one.waiting) === '[]');
    expect((await one.metrics.gapsClosed.get()).values).toMatchObject([{ value: 1 }]);
    expect((await one.metrics.gapsWaiting.get()).values).toMatchObject([{ value: 0 }]);
  });

  it('is known after a restart, and goes on where it was', async () => {
    await using rig = await startRig();
    rig.server.answer = (url) => (url.searchParams.get('min_id') === '50' ? { status: 403 } : timeline(500)(url));
    const before = new Retrying();
    await (await before.start(rig, SOON)).add(GAP);
    await heard(rig, 40);
    await settled(() => JSON.stringify(before.waiting).includes('"50"'));
    await before.stop();
    rig.server.answer = timeline(500);
    const after = aRetrying();
    for (const [name, value] of before.saved) after.saved.set(name, value);
    await after.start(rig, SOON);
    await settled(() => rig.events.at(-1)?.event?.$case === 'gap');
    expect(Number(rig.events[40]?.localId)).toBe(51);
  });

  it('stays open when its time is over', async () => {
    await using rig = await startRig();
    rig.server.answer = () => ({ status: 422 });
    const one = aRetrying();
    await (await one.start(rig, LATE)).add(GAP);
    await settled(() => JSON.stringify(one.waiting) === '[]');
    const asked = rig.server.asked.length;
    expect(asked).toBe(1);
    expect(rig.events).toEqual([]);
  });
});
