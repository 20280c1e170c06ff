import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SourceStatus } from '@hub/ingest';
import { startSimulator } from '@hub/simulator';
import { until } from '../e2e/support/apps.ts';
import { HandClock } from './support/hand-clock.ts';
import { IngestRig } from './support/ingest-rig.ts';

const MINUTE = 60_000;
const stream = 'public' as const;
const file = (name: string) => readFileSync(new URL(`../fixtures/expired/${name}.pem`, import.meta.url), 'utf8');

function statusWith(rig: IngestRig, capability: string, withinMs = 30_000): Promise<SourceStatus | undefined> {
  return until(
    () => Promise.resolve(rig.ingest.sources()[0]),
    (status) => status?.capability === capability && status.last_error !== null,
    withinMs,
  );
}

/** What docs/sources.md shows of each is what comes out here. */
describe('an operator is told of', () => {
  it('a refused token', async () => {
    await using rig = await IngestRig.start({ accessToken: 'the-right-one' });
    await rig.startReader({ accessToken: 'a-wrong-one' });
    expect(await statusWith(rig, 'token_refused')).toMatchObject({
      state: 'refused',
      means: expect.stringMatching(/refused the access token: set MASTODON_ACCESS_TOKEN/),
      last_error: { message: expect.stringContaining('HTTP 401 Unauthorized') },
    });
  }, 60_000);

  it('a stream that brings only deletions, where the server says nothing of its feeds', async () => {
    await using rig = await IngestRig.start({ clock: new HandClock() });
    await rig.startReader();
    await rig.passUntilLive();
    await rig.admin('emit', 'POST', { kind: 'post', count: 60 });
    await rig.fault('deletes_untold');
    await rig.pass(5000);
    for (let i = 0; i < 30; i += 1) {
      await rig.admin('emit', 'POST', { kind: 'delete' });
      await rig.pass(4000);
    }
    expect(rig.ingest.sources()[0]).toMatchObject({
      state: 'live',
      capability: 'deletes_only',
      means: expect.stringMatching(/brings only deletions over public \(\d+ deletions and no post for \d+ s\)/),
    });
    await rig.admin('faults', 'DELETE');
    await rig.admin('emit', 'POST', { kind: 'post' });
    await rig.pass(MINUTE);
    expect(rig.ingest.sources()[0]).toMatchObject({ capability: 'ok' });
  }, 60_000);

  it('feeds that are switched off while it reads: the server is asked every hour', async () => {
    await using rig = await IngestRig.start({ clock: new HandClock() });
    await rig.startReader();
    await rig.passUntilLive();
    expect(rig.ingest.sources()[0]).toMatchObject({ capability: 'ok' });
    const { requests } = await rig.stats();
    await rig.fault('deletes_only');
    await rig.pass(50 * MINUTE, 5000);
    expect(rig.ingest.sources()[0]).toMatchObject({ capability: 'ok' });
    await rig.pass(15 * MINUTE, 5000);
    expect(rig.ingest.sources()[0]).toMatchObject({ capability: 'feeds_disabled' });
    expect((await rig.stats()).requests).toBeGreaterThan(requests);
  }, 60_000);

  it('a server that takes connections and does not answer', async () => {
    await using rig = await IngestRig.start();
    await rig.fault('no_answer');
    await rig.startReader();
    expect(await statusWith(rig, 'unreachable', 90_000)).toMatchObject({
      means: expect.stringContaining('cannot be reached (Opening handshake has timed out)'),
    });
  }, 120_000);

  describe('what TLS has against it:', () => {
    const known = getCACertificates('default');
    beforeAll(() => setDefaultCACertificates([...known, file('cert')]));
    afterAll(() => setDefaultCACertificates(known));

    it('a certificate that has expired', async () => {
      await using rig = await IngestRig.start();
      const tls = { key: file('key'), cert: file('cert') };
      const expired = await startSimulator({ host: '127.0.0.1', port: 0, rate: 0, seed: 3, tls });
      await rig.readSources([{ server: expired.url, stream }]);
      const found = await statusWith(rig, 'unreachable');
      await expired.close();
      expect(found).toMatchObject({
        last_error: {
          message: expect.stringMatching(/The certificate of .* does not hold \(certificate has expired\)/),
        },
      });
    }, 60_000);
  });
});
