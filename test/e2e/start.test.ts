import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { freePort } from '../servers/server-process.ts';
import { entryOf, startHub, temporaryFolder } from './support/apps.ts';

interface Ended {
  code: number | null;
  stderr: string;
}

/** Runs the hub in an environment in which it cannot start. */
async function failingStart(dir: string, env: Record<string, string>): Promise<Ended> {
  const ports = { API_GATEWAY_SERVER_PORT: String(await freePort()), SERVICE_PORT: String(await freePort()) };
  const hub = spawn(process.execPath, [entryOf('hub')], {
    cwd: dir,
    env: { PATH: process.env['PATH'], DATA_DIR: join(dir, 'data'), ...ports, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 20_000,
  });
  const [stderr, [code]] = await Promise.all([text(hub.stderr), once(hub, 'exit') as Promise<[number | null]>]);
  return { code, stderr };
}

it('names each wrong variable and what it accepts, and never its value', async () => {
  await using folder = await temporaryFolder();
  const ended = await failingStart(folder.path, {
    PUBLISHER_TYPE: 's3cret',
    RETENTION_DAYS: 's3cret',
    MASTODON_SERVR: 's3cret',
  });
  expect(ended.code).toBe(78);
  expect(ended.stderr).toContain('PUBLISHER_TYPE: accepts EMBEDDED');
  expect(ended.stderr).toContain('RETENTION_DAYS: accepts');
  expect(ended.stderr).toContain('MASTODON_SERVR: is not known; did you mean MASTODON_SERVER?');
  expect(ended.stderr).not.toContain('s3cret');
}, 30_000);

it.each(['API_GATEWAY_SERVER_PORT', 'SERVICE_PORT'])(
  'says that the port of %s is taken',
  async (variable) => {
    await using folder = await temporaryFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const ended = await failingStart(folder.path, { [variable]: String(port) });
    other.close();
    expect(ended).toEqual({
      code: 1,
      stderr: `Port ${port} is in use by another program. Stop it, or set ${variable} to another port.\n`,
    });
  },
  30_000,
);

it('leaves data of a newer version alone', async () => {
  await using folder = await temporaryFolder();
  const hub = await startHub(folder.path, { SIMULATOR_RATE: '0' });
  await hub.process.stop();
  const file = new DatabaseSync(join(hub.dataDir, 'posts.db'));
  file.exec('PRAGMA user_version = 999');
  file.close();
  const ended = await failingStart(folder.path, { DATA_DIR: hub.dataDir });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/posts\.db has data format 999, this version of the hub knows up to \d+/);
}, 40_000);

it('says when it cannot have its data where it is told to', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'a-file');
  await writeFile(file, '');
  const ended = await failingStart(folder.path, { DATA_DIR: join(file, 'data') });
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/^\S+a-file\S+: its folder cannot be made: may this user write there\?\n$/);
}, 30_000);
