import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SourceStatus } from '@hub/ingest';
import { CLEAN, entryOf, getJson, send, startHub, startSimulatorApp, temporaryFolder, until } from './support/apps.ts';
import { storedPosts } from './support/oracle.ts';
import { Recorder } from './support/recorder.ts';

const WITHIN_MS = 30_000;
type Server = Awaited<ReturnType<typeof startSimulatorApp>>;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let hub: Awaited<ReturnType<typeof startHub>>;
let servers: [Server, Server];
let sourcesFile: string;
let blocklist: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const other = join(folder.path, 'other');
  await mkdir(other);
  const quiet = { SIMULATOR_RATE: '0' };
  servers = [await startSimulatorApp(folder.path, quiet), await startSimulatorApp(other, quiet)];
  sourcesFile = join(folder.path, 'sources.json');
  blocklist = join(folder.path, 'blocklist.txt');
  await writeFile(sourcesFile, JSON.stringify([{ server: servers[0].url }]));
  await writeFile(blocklist, 'bad.example\n');
  hub = await startHub(folder.path, {
    MASTODON_SOURCES: sourcesFile,
    BLOCKLIST_FILE: blocklist,
    INCLUDE_BOTS: 'false',
  });
  await live(servers[0].url);
}, 90_000);

afterAll(async () => {
  await hub.process.stop();
  for (const { process } of servers) await process.stop();
  await folder[Symbol.asyncDispose]();
}, 60_000);

async function sources(): Promise<SourceStatus[]> {
  return (await getJson<{ sources: SourceStatus[] }>(`${hub.url}/api/v1/sources`)).sources;
}

async function live(server: string): Promise<void> {
  const isLive = (found: SourceStatus[]) =>
    found.some(({ source, state }) => source === new URL(server).host && state === 'live');
  expect((await until(sources, isLive, WITHIN_MS)).map(({ state }) => state)).toContain('live');
}

/** Has a server show a post of someone at a host, with these words. */
async function says(server: string, host: string, words: string, account: object = {}): Promise<void> {
  const uri = `https://${host}/posts/${words}`;
  const author = { acct: `ada@${host}`, url: `https://${host}/@ada`, note: '', fields: [], bot: false, ...account };
  const status = { uri, content: `<p>${words}</p>`, visibility: 'public', account: { ...author, noindex: false } };
  await send(`${server}/simulator/emit`, 'POST', { kind: 'post', status });
}

async function stored(): Promise<string[]> {
  return [...(await storedPosts(hub.url)).keys()].map((uri) => uri.split('/').at(-1) ?? '').sort();
}

/** Resolves when a post that came after all others is stored: then they are decided. */
async function settled(server: string, mark: string): Promise<string[]> {
  await says(server, 'good.example', mark);
  return until(stored, (words) => words.includes(mark), WITHIN_MS);
}

describe('a running hub', () => {
  it('reads other sources after SIGHUP, and changes nothing for what it cannot use', async () => {
    const [first, second] = servers;
    const [before] = await sources();
    await writeFile(sourcesFile, JSON.stringify([{ server: first.url }, { server: second.url }]));
    process.kill(hub.process.pid ?? 0, 'SIGHUP');
    await live(second.url);
    expect(await settled(second.url, 'fromsecond')).toContain('fromsecond');
    expect((await sources()).find(({ source }) => source === before?.source)?.since).toBe(before?.since);

    await writeFile(sourcesFile, '[{"server": ');
    process.kill(hub.process.pid ?? 0, 'SIGHUP');
    expect(await settled(second.url, 'stillsecond')).toContain('stillsecond');
    expect(await sources()).toHaveLength(2);

    await writeFile(sourcesFile, JSON.stringify([{ server: first.url }]));
    process.kill(hub.process.pid ?? 0, 'SIGHUP');
    expect(await until(sources, ({ length }) => length === 1, WITHIN_MS)).toHaveLength(1);
  }, 120_000);

  it('leaves out bots, and whom its blocklist names, as soon as it does', async () => {
    const { url } = servers[0];
    await says(url, 'good.example', 'byabot', { bot: true });
    await says(url, 'bad.example', 'blockedfromthestart');
    await says(url, 'late.example', 'notyetblocked');
    expect(await settled(url, 'firstmark')).toEqual(expect.arrayContaining(['notyetblocked', 'firstmark']));
    await writeFile(blocklist, 'late.example\n');
    // The file is looked at each second: what comes before that is no error.
    let round = 0;
    const isOut = async () => {
      round += 1;
      await says(url, 'late.example', `try${round}`);
      const words = await settled(url, `mark${round}`);
      return !words.includes(`try${round}`);
    };
    expect(await until(isOut, (out) => out, WITHIN_MS)).toBe(true);
    await says(url, 'bad.example', 'allowedagain');
    const words = await settled(url, 'lastmark');
    expect(words).toContain('allowedagain');
    expect(words).not.toContain('byabot');
    expect(words).not.toContain('blockedfromthestart');
  }, 120_000);

  it('forgets what `forget` names: in the store, in replay and from then on', async () => {
    const { url } = servers[0];
    const { cursor } = await getJson<{ cursor: string }>(`${hub.url}/api/v1/posts?limit=1`);
    const reader = new Recorder(hub.url);
    await until(
      async () => reader.cursor,
      (known) => known !== undefined,
      WITHIN_MS,
    );
    await says(url, 'regret.example', 'regretted');
    expect(await settled(url, 'beforeforget')).toContain('regretted');
    const env = { ...process.env, ...CLEAN, DATA_DIR: hub.dataDir, BLOCKLIST_FILE: blocklist };
    const run = promisify(execFile)(process.execPath, [entryOf('forget'), 'regret.example'], { cwd: folder.path, env });
    const { stdout } = await run;
    expect(stdout).toMatch(/Gone: 1 posts/);
    expect(stdout).toMatch(/Looked again: 0 posts of it are left/);
    const removed = () => Promise.resolve(reader.events.filter(({ type }) => type === 'delete').length);
    expect(await until(removed, (count) => count > 0, WITHIN_MS)).toBe(1);
    reader.close();

    await says(url, 'regret.example', 'regrettedagain');
    const words = await settled(url, 'afterforget');
    expect(words).not.toContain('regretted');
    expect(words).not.toContain('regrettedagain');
    const replay = new Recorder(hub.url, cursor);
    const replayed = () => Promise.resolve(JSON.stringify(replay.events));
    const text = await until(replayed, (json) => json.includes('afterforget'), WITHIN_MS);
    replay.close();
    expect(text).toContain('beforeforget');
    expect(text).not.toContain('<p>regretted');
  }, 120_000);
});
