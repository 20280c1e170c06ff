import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ADDITIONS, MENDS } from './mends.ts';

const run = promisify(execFile);

const SOURCES = ['go.mod', 'go.sum', 'main.go'];
const FAKE = 'vendor/cloud.google.com/go/pubsub/v2/pstest';

/** The program; built from the Go module proxy the first time, which takes a minute or two. */
export async function builtPubSub(): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mastodon-stream-hub');
  const program = join(cache, `pubsub-${await hashOfSources()}`);
  if (existsSync(program)) return program;
  await mkdir(cache, { recursive: true });
  // Others may build at the same time: what counts is there whole or not at all.
  const workshop = await mkdtemp(join(cache, 'building-pubsub-'));
  try {
    await Promise.all(SOURCES.map((name) => cp(join(import.meta.dirname, name), join(workshop, name))));
    const env = { ...process.env, GOFLAGS: '' };
    await run('go', ['mod', 'vendor'], { cwd: workshop, env });
    await mend(join(workshop, FAKE));
    await run('go', ['build', '-mod=vendor', '-o', 'pubsub', '.'], { cwd: workshop, env });
    await rename(join(workshop, 'pubsub'), program);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  return program;
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of SOURCES) hash.update(await readFile(join(import.meta.dirname, name)));
  for (const { find, replace } of MENDS) hash.update(`${find.source}\n${replace}\n`);
  return hash.update(ADDITIONS).digest('hex').slice(0, 12);
}

async function mend(folder: string): Promise<void> {
  const file = join(folder, 'fake.go');
  let source = await readFile(file, 'utf8');
  for (const { why, find, replace, places } of MENDS) {
    const found = source.match(find)?.length ?? 0;
    if (found !== places) throw new Error(`pstest is not as expected: ${found} places instead of ${places} (${why})`);
    source = source.replace(find, replace);
  }
  await writeFile(file, source);
  await writeFile(join(folder, 'additions.go'), ADDITIONS);
}
