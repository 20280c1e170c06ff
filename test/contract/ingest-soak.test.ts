import { describe, expect, it } from '@jest/globals';
import type { GroundTruth } from '@hub/simulator';
import { compare } from '../e2e/support/oracle.ts';
import { collectGarbage } from '../support/collect-garbage.ts';
import { HandClock } from './support/hand-clock.ts';
import { IngestRig } from './support/ingest-rig.ts';

const MINUTE = 60_000;
const STEP = 2000;
/** Simulated. `npm run test:soak` runs a day. */
const HOURS = Number(process.env['HUB_SOAK_HOURS'] ?? 0.4);
const LONG = HOURS > 3;
const RATE = 20;
/** Posts that the server keeps, and minutes that it is away: what it keeps covers the outage. */
const [KEPT, OUTAGE] = LONG ? [30_000, 10] : [12_000, 1];
/** Posts that the reader's store keeps, and that are compared. */
const [HELD, CHECKED] = [KEPT * 0.6, KEPT * 0.4];
const BETWEEN_OUTAGES = LONG ? 120 : 6;
/** What may be in the way of a measurement, in MB. */
const SLACK_MB = 40;

function heapMb(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

/** How the reader differs, in what both still hold: the server forgets its oldest posts, which look deleted then. */
function faults(truth: GroundTruth, rig: IngestRig) {
  const newest = { ...truth, posts: truth.posts.slice(-CHECKED) };
  const { missing, outdated } = compare(newest, rig.versions());
  const deleted = truth.deleted.slice(-CHECKED / 10);
  return { missing, outdated, unwanted: deleted.filter(({ uri }) => rig.held().has(uri)) };
}

describe(`${HOURS} hours at ${RATE} posts a second`, () => {
  it('cost bounded memory and requests, and nothing is lost', async () => {
    await using rig = await IngestRig.start({ clock: new HandClock(), keep: KEPT });
    await rig.startReader();
    await rig.passUntilLive();
    await rig.admin('rate', 'PUT', { rate: RATE });
    const heaps: number[] = [];
    const minutes = HOURS * 60;
    for (let minute = 1; minute <= minutes; minute += 1) {
      if (minute % BETWEEN_OUTAGES === 3) await rig.fault('unreachable', { durationMs: OUTAGE * MINUTE });
      await rig.pass(MINUTE, STEP);
      rig.retain(HELD);
      if (minute % Math.ceil(minutes / 12) === 0) heaps.push(heapMb());
    }
    await rig.admin('pause', 'POST');
    await rig.pass(30 * MINUTE, STEP);
    const truth = await rig.truth();
    expect(truth.evicted).toBeGreaterThan(0);
    expect(faults(truth, rig)).toEqual({ missing: [], outdated: [], unwanted: [] });
    expect(await rig.metric('gaps_waiting')).toBe(0);
    expect(await rig.metric('gaps_closed_total')).toBe(await rig.metric('gaps_total'));
    const { requestsPeak, requestsRefused, requests } = await rig.stats();
    expect(requestsPeak).toBeLessThanOrEqual(300);
    expect(requestsRefused).toBe(0);
    // By then server, reader and store hold as much as they ever will.
    const [early, late] = [Math.max(...heaps.slice(4, 8)), Math.max(...heaps.slice(8))];
    const read = await rig.metric('events_total');
    process.stdout.write(`${read} events read, ${requests} requests, heap in MB: ${heaps.map(Math.round).join(' ')}\n`);
    expect(late).toBeLessThan(early * 1.2 + SLACK_MB);
  }, 10_800_000);
});
