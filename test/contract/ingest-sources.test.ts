import { describe, expect, it } from '@jest/globals';
import type { SourceState, SourceStatus } from '@hub/ingest';
import { startSimulator, type RunningSimulator } from '@hub/simulator';
import { send, until } from '../e2e/support/apps.ts';
import { IngestRig } from './support/ingest-rig.ts';

const WITHIN_MS = 20_000;
const options = { host: '127.0.0.1', port: 0, rate: 0 };
const stream = 'public' as const;

/** The status of a source when it is in that state, or as it is when the time is up. */
function inState(rig: IngestRig, server: string, state: SourceState): Promise<SourceStatus | undefined> {
  const find = () => rig.ingest.sources().find(({ source }) => source === new URL(server).host);
  return until(
    () => Promise.resolve(find()),
    (found) => found?.state === state,
    WITHIN_MS,
  );
}

async function emitsAndIsHeard(rig: IngestRig, { url }: Pick<RunningSimulator, 'url'>): Promise<void> {
  const heard = () => rig.producer.acknowledged.filter(({ source }) => source === new URL(url).host).length;
  const before = heard();
  await send(`${url}/simulator/emit`, 'POST', { kind: 'post', status: { visibility: 'public' } });
  const after = await until(
    () => Promise.resolve(heard()),
    (count) => count > before,
    WITHIN_MS,
  );
  expect(after).toBeGreaterThan(before);
}

describe('several sources', () => {
  it('live and fail each by itself, and tell how they are, but never their token', async () => {
    await using rig = await IngestRig.start({ accessToken: 's3cret-one' });
    const other = await startSimulator({ ...options, seed: 8 });
    const refusing = await startSimulator({ ...options, seed: 9, accessToken: 'another' });
    await rig.readSources([
      { server: rig.simulator.url, stream, accessToken: 's3cret-one' },
      { server: other.url, stream },
      { server: refusing.url, stream, accessToken: 's3cret-two' },
    ]);
    expect(await inState(rig, rig.simulator.url, 'live')).toMatchObject({ state: 'live', last_error: null });
    expect(await inState(rig, other.url, 'live')).toMatchObject({ state: 'live' });
    expect(await inState(rig, refusing.url, 'refused')).toMatchObject({
      state: 'refused',
      last_error: { message: expect.stringContaining('refused the access token') },
    });
    await other.close();
    const away = await inState(rig, other.url, 'waiting');
    expect(away?.last_error?.message).toMatch(/cannot be reached|closed the connection/);
    await emitsAndIsHeard(rig, rig.simulator);
    expect(await inState(rig, rig.simulator.url, 'live')).toMatchObject({
      events: { created: 1 },
      last_event_at: expect.any(String),
    });
    expect(JSON.stringify(rig.ingest.sources()) + rig.log.join()).not.toContain('s3cret');
    await refusing.close();
  }, 60_000);

  it('come and go while the others are read on', async () => {
    await using rig = await IngestRig.start();
    const other = await startSimulator({ ...options, seed: 8 });
    const [first, second] = [
      { server: rig.simulator.url, stream },
      { server: other.url, stream },
    ];
    await rig.readSources([first]);
    const before = await inState(rig, first.server, 'live');
    await rig.ingest.setSources([first, second]);
    await inState(rig, second.server, 'live');
    await emitsAndIsHeard(rig, other);
    expect((await inState(rig, first.server, 'live'))?.since).toBe(before?.since);

    await rig.ingest.setSources([second]);
    expect(rig.ingest.sources().map(({ source }) => source)).toEqual([new URL(other.url).host]);
    expect(await rig.metric('source_state', { source: new URL(first.server).host })).toBe(0);
    await send(`${first.server}/simulator/emit`, 'POST', { kind: 'post', count: 20 });
    await emitsAndIsHeard(rig, other);
    const heard = rig.producer.acknowledged.length;

    // What came while it was not read is made up for when it is read again.
    await rig.ingest.setSources([first, second]);
    await inState(rig, first.server, 'live');
    const after = await until(
      () => Promise.resolve(rig.producer.acknowledged.length),
      (count) => count > heard + 5,
      WITHIN_MS,
    );
    expect(after).toBeGreaterThan(heard + 5);
    await other.close();
  }, 60_000);
});

describe('what can be had of a source', () => {
  const capabilityOf = async (rig: IngestRig, wanted: string): Promise<SourceStatus | undefined> =>
    until(
      () => Promise.resolve(rig.ingest.sources()[0]),
      (status) => status?.capability === wanted,
      WITHIN_MS,
    );

  it('is told in words, in the metrics and in the log, once', async () => {
    await using rig = await IngestRig.start();
    await rig.fault('deletes_only');
    await rig.startReader();
    expect(await capabilityOf(rig, 'feeds_disabled')).toMatchObject({
      capability: 'feeds_disabled',
      means: expect.stringContaining('switched the live feed of public off'),
    });
    await inState(rig, rig.simulator.url, 'live');
    expect(await rig.metric('source_capability', { capability: 'feeds_disabled' })).toBe(1);
    expect(rig.log.filter((line) => line.includes('switched the live feed'))).toHaveLength(1);
    await rig.admin('faults', 'DELETE');
    await rig.admin('emit', 'POST', { kind: 'post', count: 5 });
    expect(await capabilityOf(rig, 'ok')).toMatchObject({ capability: 'ok' });
  }, 30_000);

  it('needs a token where the server says so', async () => {
    await using rig = await IngestRig.start({ accessToken: 'a-token' });
    await rig.startReader();
    expect(await capabilityOf(rig, 'needs_token')).toMatchObject({
      capability: 'needs_token',
      means: expect.stringContaining('MASTODON_ACCESS_TOKEN'),
    });
  }, 30_000);

  it('comes as server-sent events where there is no WebSocket', async () => {
    await using rig = await IngestRig.start();
    await rig.fault('no_websocket');
    await rig.startReader();
    expect(await inState(rig, rig.simulator.url, 'live')).toMatchObject({ state: 'live', last_error: null });
    await emitsAndIsHeard(rig, { url: rig.simulator.url });
    expect(await rig.metric('events_total', { origin: 'live', type: 'created' })).toBe(1);
  }, 30_000);
});
