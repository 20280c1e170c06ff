import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { FeedEvent } from '@hub/contracts';
import { processEvent } from '@hub/processing';
import { startSimulator, type GroundTruth, type RunningSimulator } from '@hub/simulator';
import { openSqliteStore } from '@hub/storage/sqlite';
import { getJson, send } from '../e2e/support/apps.ts';
import { compare, NO_DIFFERENCES, replay, type Replayed } from '../e2e/support/oracle.ts';
import { Federation } from './support/federation.ts';
import { HandClock } from './support/hand-clock.ts';
import { IngestRig } from './support/ingest-rig.ts';

const MINUTE = 60_000;
const stream = 'public' as const;

/** A reader of a server and of another that shows the same posts. */
class TwoServers implements AsyncDisposable {
  private constructor(
    readonly rig: IngestRig,
    readonly other: RunningSimulator,
    readonly federation: Federation,
  ) {}

  static async start(): Promise<TwoServers> {
    const clock = new HandClock();
    const rig = await IngestRig.start({ clock });
    const other = await startSimulator({ host: '127.0.0.1', port: 0, rate: 0, seed: 9, clock });
    await rig.readSources([
      { server: rig.simulator.url, stream },
      { server: other.url, stream },
    ]);
    const two = new TwoServers(rig, other, new Federation(rig.simulator.url, other.url));
    await rig.passUntilLive(2);
    return two;
  }

  /** Posts, edits and deletions at the first server, known at the other within ten seconds. */
  async live(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 0.5) {
      for (const [kind, count] of [
        ['post', 12],
        ['edit', 2],
        ['delete', 1],
      ] as const)
        await this.rig.admin('emit', 'POST', { kind, count });
      await this.rig.pass(10_000, 2000);
      await this.federation.run();
      await this.rig.pass(20_000, 2000);
    }
  }

  async fault(server: string, name: string, durationMs: number): Promise<void> {
    await send(`${server}/simulator/faults`, 'POST', { name, durationMs });
  }

  /** What a client of a hub sees of all that the reader sent. */
  async replayed(): Promise<Replayed & { gaps: number }> {
    const folder = await mkdtemp(join(tmpdir(), 'hub-two-'));
    const store = await openSqliteStore({ path: join(folder, 'posts.db'), retentionDays: 7 });
    const from = await store.head();
    const stop = new AbortController();
    const events: FeedEvent[] = [];
    for (const event of this.rig.producer.acknowledged) {
      const processed = processEvent(event, 'default');
      if (processed.kind === 'change') await store.apply([processed.change]);
    }
    const head = await store.head();
    for await (const { entries, cursor } of store.watch({ from, signal: stop.signal })) {
      for (const { type, json } of entries) events.push({ type, data: JSON.parse(json) });
      if (cursor === head) stop.abort();
    }
    await store.close();
    await rm(folder, { recursive: true });
    return { ...replay(events), gaps: events.filter(({ type }) => type === 'gap').length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.rig[Symbol.asyncDispose]();
    await this.other.close();
  }
}

async function expectWithinLimits(url: string): Promise<void> {
  const { requestsPeak, requestsRefused } = await getJson<Record<string, number>>(`${url}/simulator/stats`);
  expect(requestsPeak).toBeLessThanOrEqual(300);
  expect(requestsRefused).toBe(0);
}

describe('two sources of the same posts', () => {
  it('of which each goes away for a while: each post once, no gap, nothing lost', async () => {
    await using two = await TwoServers.start();
    const { rig, other } = two;
    await two.live(3);
    await two.fault(rig.simulator.url, 'unreachable', 10 * MINUTE);
    await two.live(14);
    await two.fault(other.url, 'unreachable', 10 * MINUTE);
    await two.live(14);
    await rig.pass(10 * MINUTE, 5000);
    const truth = await rig.truth();
    expect(truth.posts.length).toBeGreaterThan(300);
    expect(truth.deleted.length).toBeGreaterThan(20);
    expect(compare(truth, rig.versions())).toEqual(NO_DIFFERENCES);
    expect(rig.gaps()).toEqual([]);
    const seen = await two.replayed();
    expect(seen.faults).toEqual([]);
    expect(seen.gaps).toBe(0);
    expect(compare(truth, seen.held)).toEqual(NO_DIFFERENCES);
    for (const { url } of [rig.simulator, other]) await expectWithinLimits(url);
  }, 180_000);

  it('of which one removes a post for itself alone: it stays, until its own server deletes it', async () => {
    await using two = await TwoServers.start();
    const { rig, other } = two;
    await two.live(2);
    const { posts } = await getJson<GroundTruth>(`${rig.simulator.url}/simulator/truth`);
    const post = posts.findLast(
      ({ uri }) => rig.versions().has(uri) && new URL(uri).host === new URL(rig.simulator.url).host,
    );
    const elsewhere = two.federation.idOf(post?.id ?? '');
    if (post === undefined || elsewhere === undefined) throw new Error('no post is shown by both');
    await send(`${other.url}/simulator/emit`, 'POST', { kind: 'delete', status: { id: elsewhere } });
    await rig.pass(2 * MINUTE);
    expect(await rig.metric('withheld_deletions_total', { source: new URL(other.url).host })).toBe(1);
    expect(rig.versions().has(post.uri)).toBe(true);
    await rig.admin('emit', 'POST', { kind: 'delete', status: { id: post.id } });
    await rig.pass(MINUTE);
    expect(rig.versions().has(post.uri)).toBe(false);
  }, 120_000);
});
