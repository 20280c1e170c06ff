import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { freePort } from '../servers/server-process.ts';
import { CLEAN, entryOf, temporaryFolder, until } from './support/apps.ts';

const SDKS = ['kafkajs', 'mongoose', 'mongodb', '@nestjs/mongoose', '@google-cloud/pubsub'];
const hook = (file: string) => `${new URL('support/record-packages.mjs', import.meta.url).href}?file=${file}`;

/** Starts the processor, which has a broker and a store, and returns the SDKs that it has loaded when it runs or ends. */
async function sdksOf(env: Record<string, string>): Promise<string[]> {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'packages');
  const port = String(await freePort());
  const processor = spawn(process.execPath, ['--import', hook(file), entryOf('processor')], {
    cwd: folder.path,
    env: { PATH: process.env['PATH'], ...CLEAN, DATA_DIR: folder.path, SERVICE_PORT: port, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(processor, 'exit');
  let output = '';
  processor.stdout.on('data', (part: Buffer) => (output += part.toString()));
  await until(
    async () => output.includes('The processor reads') || processor.exitCode !== null,
    (is) => is,
    40_000,
  );
  processor.kill('SIGKILL');
  await ended;
  const packages = new Set((await readFile(file, 'utf8')).split('\n'));
  // The hook sees what is loaded at all.
  expect(packages).toContain('@nestjs/core');
  return SDKS.filter((sdk) => packages.has(sdk));
}

const nobody = '127.0.0.1:9';

it('needs no SDK of a broker or database with the embedded drivers', async () => {
  expect(await sdksOf({ PUBLISHER_TYPE: 'EMBEDDED', STORE_TYPE: 'SQLITE' })).toEqual([]);
}, 60_000);

it('loads the SDK of the chosen broker alone', async () => {
  expect(await sdksOf({ PUBLISHER_TYPE: 'KAFKA', KAFKA_BROKERS: nobody, STORE_TYPE: 'SQLITE' })).toEqual(['kafkajs']);
}, 60_000);

it("loads Google's SDK for its Pub/Sub alone", async () => {
  const sdks = await sdksOf({
    PUBLISHER_TYPE: 'GCP_PUBSUB',
    GCP_PROJECT_ID: 'some-project',
    PUBSUB_EMULATOR_HOST: nobody,
    STORE_TYPE: 'SQLITE',
  });
  expect(sdks).toEqual(['@google-cloud/pubsub']);
}, 60_000);

it('loads the SDK of the chosen database alone', async () => {
  const sdks = await sdksOf({
    PUBLISHER_TYPE: 'EMBEDDED',
    STORE_TYPE: 'MONGODB',
    MONGODB_URI: `mongodb://${nobody}/?replicaSet=rs0&serverSelectionTimeoutMS=500`,
  });
  expect(sdks).toContain('mongoose');
  expect(sdks.filter((sdk) => !/mongo/.test(sdk))).toEqual([]);
}, 60_000);
