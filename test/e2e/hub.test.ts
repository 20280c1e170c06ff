import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Post } from '@hub/contracts';
import type { GroundTruth } from '@hub/simulator';
import { EventSource } from 'eventsource';
import { entryOf, getJson, send, startHub, startSimulatorApp, temporaryFolder, until } from './support/apps.ts';
import { compare, replay, storedPosts, versionOf } from './support/oracle.ts';
import { Recorder } from './support/recorder.ts';

type Disposable = Awaited<ReturnType<typeof temporaryFolder>>;
let folder: Disposable;
let simulator: Awaited<ReturnType<typeof startSimulatorApp>>;
let hub: Awaited<ReturnType<typeof startHub>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  simulator = await startSimulatorApp(folder.path, { SIMULATOR_RATE: '50' });
  hub = await startHub(folder.path, { MASTODON_SERVER: simulator.url });
}, 60_000);

afterAll(async () => {
  await hub.process.stop();
  await simulator.process.stop();
  await folder[Symbol.asyncDispose]();
}, 60_000);

describe('a hub that reads a server', () => {
  it('is ready, and says so', async () => {
    const ready = await until(
      () => fetch(`${hub.url}/health/ready`),
      ({ ok }) => ok,
      10_000,
    );
    expect(await ready.json()).toMatchObject({
      status: 'ok',
      details: { store: { status: 'up' }, broker: { status: 'up' } },
    });
    expect((await fetch(`${hub.url}/health/live`)).status).toBe(200);
  });

  it('sends posts to a stock Socket.IO client and the same ones over SSE', async () => {
    const reader = new Recorder(hub.url);
    const overSse = new Set<string>();
    const source = new EventSource(`${hub.url}/api/v1/feed`);
    source.addEventListener('post', ({ data }) => overSse.add((JSON.parse(data as string) as Post).uri));
    const uris = () => reader.events.flatMap((event) => (event.type === 'post' ? [event.data.uri] : []));
    await until(
      async () => uris().length,
      (count) => count > 20,
      20_000,
    );
    const both = await until(
      async () => uris().filter((uri) => overSse.has(uri)),
      (same) => same.length > 15,
      10_000,
    );
    source.close();
    reader.close();
    expect(both.length).toBeGreaterThan(15);
    expect(replay(reader.events).faults).toEqual([]);
  }, 40_000);

  it('prints posts in a terminal, as JSON lines where asked', async () => {
    const tail = spawn(process.execPath, [entryOf('tail'), '--json', '--url', hub.url]);
    const [chunk] = (await once(tail.stdout, 'data')) as [Buffer];
    tail.kill('SIGINT');
    await once(tail, 'exit');
    expect(JSON.parse(chunk.toString().split('\n')[0] ?? '')).toMatchObject({
      cursor: expect.any(String),
      type: expect.any(String),
    });
  }, 20_000);

  it('shows its metrics', async () => {
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    for (const name of ['hub_ingest_', 'hub_publishing_', 'hub_messaging_', 'hub_processing_', 'hub_delivery_']) {
      expect(metrics).toContain(`\n${name}`);
    }
    const documented = (await readFile('docs/operations.md', 'utf8')).match(/(?<=`)(hub|nodejs)_[a-z0-9_]+(?=`)/g);
    expect(documented?.length).toBeGreaterThan(30);
    expect(documented?.filter((name) => !metrics.includes(`# TYPE ${name} `))).toEqual([]);
  });

  it('answers bad requests in words and with a code', async () => {
    const wrong = await fetch(`${hub.url}/api/v1/posts?limit=many`);
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({
      error: { code: expect.stringMatching(/^bad_request|invalid_filter$/) },
    });
    const absent = await fetch(`${hub.url}/api/v1/posts/nope`);
    expect(absent.status).toBe(404);
    expect(await absent.json()).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('what is not public', () => {
  it('is nowhere: not in the store, the log, the feed, the metrics or the application logs', async () => {
    const marker = 'zimtschnecke-geheim-4711';
    for (const visibility of ['unlisted', 'private', 'direct']) {
      await send(`${simulator.url}/simulator/faults`, 'POST', { name: 'leak_nonpublic' });
      await send(`${simulator.url}/simulator/emit`, 'POST', {
        kind: 'post',
        status: { visibility, content: `<p>${marker}</p>` },
      });
    }
    await send(`${simulator.url}/simulator/faults`, 'DELETE');
    await send(`${simulator.url}/simulator/pause`, 'POST');
    const truth = await getJson<GroundTruth>(`${simulator.url}/simulator/truth`);
    const markers = [marker, ...truth.hidden.map((hidden) => hidden.marker)];
    expect(truth.hidden.filter(({ leaked }) => leaked).length).toBeGreaterThan(2);

    const stored = await until(
      async () =>
        compare(truth, new Map([...(await storedPosts(hub.url))].map(([uri, post]) => [uri, versionOf(post)]))),
      (differences) => differences.missing.length === 0 && differences.outdated.length === 0,
      20_000,
    );
    expect(stored.unwanted).toEqual([]);
    for (const [name, text] of await everythingAtRest()) {
      expect([name, markers.filter((text_) => text.includes(text_))]).toEqual([name, []]);
    }
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toMatch(/reason="not_public"/);
  }, 60_000);
});

/** All files of the hub's data folder and its log, as text. */
async function everythingAtRest(): Promise<[string, string][]> {
  const files = (await readdir(hub.dataDir)).map((name) => join(hub.dataDir, name));
  const all = [...files, join(folder.path, 'hub.log')];
  return Promise.all(all.map(async (file) => [file, (await readFile(file)).toString('latin1')] as [string, string]));
}
