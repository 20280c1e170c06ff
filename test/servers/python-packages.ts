import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a machine needs for it: see `describeWith`. */
export const PIP_PROBE = ['python3', '-m', 'pip', '--version'] as const;

/**
 * Installs a package from PyPI into this user's cache; resolves with what PYTHONPATH names. Several may try at once: a
 * folder appears whole. The name is pip's, with its version: `package==1.0`. `anyPython`: one folder serves all versions
 * of Python, as nothing in it is built for one.
 */
export async function installPythonPackage(name: string, { anyPython = false } = {}): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mastodon-stream-hub');
  const folder = join(cache, `${name.replaceAll(/[^\w.-]+/g, '-')}${anyPython ? '' : `-python${await version()}`}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(join(cache, 'installing-'));
  try {
    await run('python3', ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', '--target', made, name]);
    await rename(made, folder);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

async function version(): Promise<string> {
  const { stdout } = await run('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  return stdout.trim();
}
