import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const PACKAGES = ['python-socketio[client]==5.18.1'];

/** Installs the client from PyPI into this user's cache; returns what PYTHONPATH names. A folder appears whole. */
export function installPythonSocketIo(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mastodon-stream-hub');
  const folder = join(cache, PACKAGES.join('-').replaceAll(/[^\w.-]+/g, '-'));
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, 'installing-'));
  execFileSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', made, ...PACKAGES]);
  try {
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
