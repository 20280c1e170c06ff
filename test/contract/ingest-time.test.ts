import { describe, expect, it } from '@jest/globals';
import { compare, isSame, NO_DIFFERENCES } from '../e2e/support/oracle.ts';
import { HandClock } from './support/hand-clock.ts';
import { IngestRig } from './support/ingest-rig.ts';

const MINUTE = 60_000;
const REQUESTS = 300;

/** Until the reader holds what is true, in steps of its clock; tells how it differs then. */
async function differences(rig: IngestRig, within = 90 * MINUTE): Promise<unknown> {
  for (let passed = 0; passed < within; passed += MINUTE) {
    const found = compare(await rig.truth(), rig.versions());
    if (isSame(found)) return found;
    await rig.pass(MINUTE);
  }
  return compare(await rig.truth(), rig.versions());
}

async function expectWithinLimits(rig: IngestRig): Promise<void> {
  const { requestsPeak, requestsImpatient, requests } = await rig.stats();
  expect(requests).toBeGreaterThan(0);
  expect(requestsPeak).toBeLessThanOrEqual(REQUESTS);
  expect(requestsImpatient).toBe(0);
}

describe('an hour of a reader', () => {
  it('with outages, silences, refusals and restarts loses nothing, repeats within limits, and leaves no gap', async () => {
    await using rig = await IngestRig.start({ clock: new HandClock() });
    await rig.startReader();
    await rig.passUntilLive();
    await rig.admin('rate', 'PUT', { rate: 3 });
    await rig.pass(2 * MINUTE);
    for (const name of ['duplicate', 'reorder', 'malformed_json'] as const)
      await rig.fault(name, { probability: 0.03 });
    await rig.fault('unreachable', { durationMs: 10 * MINUTE });
    await rig.pass(13 * MINUTE);
    await rig.fault('go_silent', { durationMs: 4 * MINUTE });
    await rig.pass(6 * MINUTE);
    await rig.stopReader();
    await rig.pass(10 * MINUTE);
    await rig.fault('rate_limited', { count: 4 });
    await rig.startReader();
    await rig.pass(8 * MINUTE);
    await rig.fault('server_error', { probability: 0.5, durationMs: 5 * MINUTE });
    await rig.fault('drop_connections', { count: 3, probability: 0.01 });
    await rig.pass(10 * MINUTE);
    await rig.admin('faults', 'DELETE');
    await rig.admin('pause', 'POST');
    expect(await differences(rig)).toEqual(NO_DIFFERENCES);
    expect((await rig.truth()).posts.length).toBeGreaterThan(5000);
    expect(rig.gaps()).toEqual([]);
    await expectWithinLimits(rig);
  }, 180_000);

  it('whose timeline is refused for half of it has a gap, and closes it', async () => {
    await using rig = await IngestRig.start({ clock: new HandClock() });
    await rig.startReader();
    await rig.passUntilLive();
    await rig.admin('rate', 'PUT', { rate: 2 });
    await rig.pass(2 * MINUTE);
    await rig.stopReader();
    await rig.fault('no_timelines', { durationMs: 30 * MINUTE });
    await rig.pass(10 * MINUTE);
    await rig.startReader();
    await rig.pass(5 * MINUTE);
    const missing = compare(await rig.truth(), rig.versions()).missing.length;
    expect(missing).toBeGreaterThan(500);
    expect(rig.gaps().map(({ event }) => event)).toMatchObject([{ value: { closedAt: undefined } }]);
    expect(await rig.metric('gaps_waiting')).toBe(1);
    // Another start does not forget it.
    await rig.stopReader();
    await rig.startReader();
    await rig.pass(60 * MINUTE, 5000);
    await rig.admin('pause', 'POST');
    expect(await differences(rig)).toEqual(NO_DIFFERENCES);
    const gaps = rig.gaps().flatMap(({ event }) => (event?.$case === 'gap' ? [event.value] : []));
    // The second start found another hole.
    const starts = (wanted: boolean) =>
      gaps
        .flatMap(({ from, closedAt }) => ((closedAt !== undefined) === wanted ? [Number(from)] : []))
        .sort((a, b) => a - b);
    expect(starts(false)).toHaveLength(2);
    expect(starts(true)).toEqual(starts(false));
    expect(await rig.metric('gaps_closed_total')).toBe(2);
    expect(await rig.metric('gaps_waiting')).toBe(0);
    await expectWithinLimits(rig);
  }, 180_000);

  it('would lose posts with the catch-up switched off, all of them within the gap that is told', async () => {
    await using rig = await IngestRig.start({ clock: new HandClock() });
    await rig.startReader();
    await rig.passUntilLive();
    await rig.admin('rate', 'PUT', { rate: 2 });
    await rig.pass(2 * MINUTE);
    await rig.fault('no_timelines');
    await rig.fault('unreachable', { durationMs: 10 * MINUTE });
    await rig.pass(15 * MINUTE);
    await rig.admin('pause', 'POST');
    const truth = await rig.truth();
    const { missing } = compare(truth, rig.versions());
    expect(missing.length).toBeGreaterThan(500);
    const spans = rig.gaps().flatMap(({ event }) => (event?.$case === 'gap' ? [event.value] : []));
    // The server's own: those of others arrive after they were written.
    const own = truth.posts.filter(({ uri, author }) => missing.includes(uri) && !author.includes('@'));
    const isTold = (at: number) => spans.some(({ from, to }) => Number(from) <= at && at <= Number(to));
    expect(own.length).toBeGreaterThan(100);
    expect(own.filter(({ version }) => !isTold(Date.parse(version)))).toEqual([]);
  }, 120_000);
});
