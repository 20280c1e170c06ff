import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { PostEvent } from '@hub/contracts/proto';
import { compare, isSame, NO_DIFFERENCES } from '../e2e/support/oracle.ts';
import { until } from '../e2e/support/apps.ts';
import { IngestRig } from './support/ingest-rig.ts';

const WITHIN_MS = 20_000;

async function differences(rig: IngestRig): Promise<unknown> {
  return until(async () => compare(await rig.truth(), rig.versions()), isSame, WITHIN_MS);
}

async function connected(rig: IngestRig): Promise<void> {
  const state = await until(
    () => rig.metric('source_state', { state: 'live' }),
    (live) => live === 1,
    WITHIN_MS,
  );
  expect(state).toBe(1);
}

describe('a reader of a Mastodon server', () => {
  it('carries every public post, edit and deletion, whatever goes wrong on the way', async () => {
    await using rig = await IngestRig.start();
    await rig.admin('rate-limit', 'PUT', { limit: 100_000 });
    await rig.startReader();
    await connected(rig);
    for (const name of ['malformed_json', 'duplicate', 'reorder', 'leak_nonpublic'] as const) {
      await rig.fault(name, { probability: 0.05 });
    }
    await rig.admin('rate', 'PUT', { rate: 150 });
    for (let round = 0; round < 3; round += 1) {
      await sleep(700);
      await rig.fault('drop_connections', { count: 1 });
      await sleep(300);
      rig.producer.kill();
      await sleep(200);
      await rig.producer.start();
    }
    await sleep(500);
    await rig.admin('faults', 'DELETE');
    await rig.admin('pause', 'POST');
    expect(await differences(rig)).toEqual(NO_DIFFERENCES);
    expect(rig.gaps()).toEqual([]);

    const truth = await rig.truth();
    expect(truth.posts.length).toBeGreaterThan(200);
    expect(truth.hidden.some(({ leaked }) => leaked)).toBe(true);
    const sent = Buffer.concat(rig.producer.acknowledged.map((event) => PostEvent.encode(event).finish())).toString();
    const shown = truth.hidden.filter(
      ({ marker }) => sent.includes(marker) || rig.log.some((line) => line.includes(marker)),
    );
    expect(shown).toEqual([]);
    expect(await rig.metric('skipped_frames_total', { reason: 'malformed' })).toBeGreaterThan(0);
    expect(await rig.metric('refused_total', { reason: 'not_public' })).toBeGreaterThan(0);
  }, 60_000);

  it('makes up for what happened while it was stopped: posts, edits and deletions', async () => {
    await using rig = await IngestRig.start();
    await rig.admin('rate-limit', 'PUT', { limit: 100_000 });
    await rig.startReader();
    await connected(rig);
    await rig.admin('emit', 'POST', { kind: 'post', count: 150 });
    expect(await differences(rig)).toEqual(NO_DIFFERENCES);
    await rig.stopReader();
    await rig.admin('emit', 'POST', { kind: 'post', count: 100 });
    await rig.admin('emit', 'POST', { kind: 'edit', count: 20 });
    await rig.admin('emit', 'POST', { kind: 'delete', count: 20 });
    const missed = compare(await rig.truth(), rig.versions());
    expect(missed.missing.length).toBeGreaterThan(50);
    expect(missed.unwanted.length + missed.outdated.length).toBeGreaterThan(5);
    await rig.startReader();
    expect(await differences(rig)).toEqual(NO_DIFFERENCES);
    expect(rig.gaps()).toEqual([]);
  }, 60_000);

  it('would lose posts without that: where the timeline is refused it has fewer, and says between when', async () => {
    await using rig = await IngestRig.start();
    await rig.startReader();
    await connected(rig);
    await rig.admin('emit', 'POST', { kind: 'post', count: 30 });
    expect(await differences(rig)).toEqual(NO_DIFFERENCES);
    await rig.stopReader();
    await rig.admin('emit', 'POST', { kind: 'post', count: 100 });
    await rig.fault('no_timelines');
    await rig.startReader();
    await until(
      () => Promise.resolve(rig.gaps()),
      (gaps) => gaps.length > 0,
      WITHIN_MS,
    );
    const { missing } = compare(await rig.truth(), rig.versions());
    expect(missing.length).toBeGreaterThan(50);
    const spans = rig.gaps().flatMap(({ event }) => (event?.$case === 'gap' ? [event.value] : []));
    const { posts } = await rig.truth();
    // The server's own: those of others arrive after they were written.
    const own = posts.filter(({ uri, author }) => missing.includes(uri) && !author.includes('@'));
    const lost = own.map(({ version }) => new Date(version));
    expect(lost.length).toBeGreaterThan(0);
    const isTold = (at: Date) => spans.some(({ from, to }) => from && to && from <= at && at <= to);
    expect(lost.filter((at) => !isTold(at))).toEqual([]);
  }, 40_000);

  it('reads nothing back at its very first start', async () => {
    await using rig = await IngestRig.start();
    await rig.admin('emit', 'POST', { kind: 'post', count: 100 });
    await rig.startReader();
    await connected(rig);
    await rig.admin('emit', 'POST', { kind: 'post', count: 1 });
    await until(
      () => Promise.resolve(rig.held().size),
      (size) => size > 0,
      WITHIN_MS,
    );
    expect(rig.held().size).toBe(1);
    expect(rig.gaps()).toEqual([]);
  }, 30_000);

  it('records a gap where it does not know what to read from', async () => {
    await using rig = await IngestRig.start();
    const stopped = Date.now() - 60_000;
    const host = new URL(rig.simulator.url).host;
    rig.checkpoints.set(`ingest/${host}/public`, JSON.stringify({ at: stopped, marks: [] }));
    await rig.startReader();
    await until(
      () => Promise.resolve(rig.gaps()),
      (gaps) => gaps.length > 0,
      WITHIN_MS,
    );
    const [gap] = rig.gaps();
    expect(gap).toMatchObject({ source: host, stream: 'public', localId: '' });
    expect(gap?.event).toMatchObject({
      $case: 'gap',
      value: { from: new Date(stopped), reason: 'backfill_incomplete' },
    });
  }, 30_000);

  it.each([
    ['public:local', 'public:local'],
    ['public:remote', 'public:remote'],
  ] as const)(
    'reads the stream %s',
    async (_, stream) => {
      await using rig = await IngestRig.start();
      await rig.startReader({ stream });
      await connected(rig);
      await rig.admin('emit', 'POST', { kind: 'post', count: 60 });
      await until(
        () => Promise.resolve(rig.held().size),
        (size) => size > 5,
        WITHIN_MS,
      );
      expect(rig.producer.acknowledged.every((event) => event.stream === stream)).toBe(true);
    },
    30_000,
  );

  it('tells which variable to set when the server wants a token, and never tells the token', async () => {
    await using rig = await IngestRig.start({ accessToken: 'the-right-one' });
    await rig.startReader({ accessToken: 'a-wrong-one' });
    await until(
      () => rig.metric('source_state', { state: 'refused' }),
      (refused) => refused === 1,
      WITHIN_MS,
    );
    expect(rig.log.join('\n')).toMatch(/refused the access token.*MASTODON_ACCESS_TOKEN/);
    expect(rig.log.join('\n')).not.toContain('a-wrong-one');
    await rig.stopReader();
    await rig.startReader({ accessToken: 'the-right-one' });
    await connected(rig);
    await rig.admin('emit', 'POST', { kind: 'post', count: 1 });
    expect(await differences(rig)).toEqual(NO_DIFFERENCES);
  }, 30_000);

  it('stops in time while the producer is away, and reads what it could not send after the start', async () => {
    await using rig = await IngestRig.start();
    await rig.startReader();
    await connected(rig);
    rig.producer.kill();
    await rig.admin('emit', 'POST', { kind: 'post', count: 50 });
    const begun = Date.now();
    await rig.stopReader();
    expect(Date.now() - begun).toBeLessThan(8000);
    expect(rig.log.join('\n')).toMatch(/events could not be sent in time/);
    await rig.producer.start();
    await rig.startReader();
    expect(await differences(rig)).toEqual(NO_DIFFERENCES);
  }, 40_000);
});
