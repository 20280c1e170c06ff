// Builds an app unless what is in dist was built from the present sources.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environment, nodeBinary, root } from './ensure-installed.mjs';

/** What is compiled into the web client; the other apps have nothing of apps/web. */
const OF_WEB = ['apps/web', 'libs/client', 'libs/contracts'];

/** These serve the web client. */
const SERVING_WEB = new Set(['hub', 'gateway']);

/** The file that runs an app; of the web client, the page. */
export function entryOf(app) {
  if (app === 'web') return join(root, 'dist', 'apps', 'web', 'index.html');
  return join(root, 'dist', 'apps', app, 'apps', app, 'src', 'main.js');
}

/** Builds the apps that are not up to date; one fingerprint covers all sources but the web client's, as apps share the libs. */
export function ensureBuilt(...names) {
  const apps = new Set(names.flatMap((name) => (SERVING_WEB.has(name) ? [name, 'web'] : [name])));
  const fingerprints = { web: fingerprint(...OF_WEB), others: fingerprint(...folders()) };
  for (const app of apps) {
    const now = app === 'web' ? fingerprints.web : fingerprints.others;
    const stamp = join(root, 'dist', `${app}.fingerprint`);
    if (existsSync(entryOf(app)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue;
    console.error(`Building ${app} …`);
    const { status } = spawnSync(nodeBinary(), command(app), {
      cwd: root,
      // Standard output belongs to the app that is started next.
      stdio: ['ignore', 2, 'inherit'],
      env: environment(),
    });
    if (status !== 0) process.exit(status ?? 1);
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, now);
  }
}

function command(app) {
  const bin = (...path) => join(root, 'node_modules', ...path);
  if (app === 'web') return [bin('vite', 'bin', 'vite.js'), 'build', 'apps/web', '--logLevel', 'warn'];
  return [bin('@nestjs', 'cli', 'bin', 'nest.js'), 'build', app];
}

function folders() {
  const apps = readdirSync(join(root, 'apps')).filter((app) => app !== 'web');
  return [...apps.map((app) => join('apps', app)), 'libs'];
}

function fingerprint(...ofFolders) {
  const hash = createHash('sha256');
  const files = ['tsconfig.json', 'nest-cli.json', 'package-lock.json', ...ofFolders.flatMap(sources)];
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function sources(folder) {
  const names = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && !/\.spec\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
