// Runs under any Node from 20 on, before anything is installed: imports nothing but Node's own modules.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const WINDOWS = process.platform === 'win32';

/** The Node that the hub runs on: the one that was installed with it, else this one if it is new enough. */
export function nodeBinary() {
  const own = join(bin, WINDOWS ? 'node.cmd' : 'node');
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  console.error(
    'The hub needs Node 24. It comes with `npm ci` on Linux and Windows; here, install it from https://nodejs.org.',
  );
  process.exit(1);
}

/** The environment in which child processes find that Node, and so do npx and scripts. */
export function environment() {
  const separator = WINDOWS ? ';' : ':';
  return { ...process.env, PATH: `${bin}${separator}${process.env.PATH ?? ''}` };
}

/** Installs what package-lock.json names unless it is there already. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing what package-lock.json names (npm ci) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: WINDOWS,
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}

/** npm keeps what it installed in node_modules/.package-lock.json. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || there[path]?.version === version,
  );
}
