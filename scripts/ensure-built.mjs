// Builds an app unless what is in dist was built from the present sources.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environment, nodeBinary, root } from './ensure-installed.mjs';

/** The file that runs an app. */
export function entryOf(app) {
  return join(root, 'dist', 'apps', app, 'apps', app, 'src', 'main.js');
}

/** Builds the apps that are not up to date; one fingerprint covers all sources, as apps share the libs. */
export function ensureBuilt(...apps) {
  const now = fingerprint();
  for (const app of apps) {
    const stamp = join(root, 'dist', `${app}.fingerprint`);
    if (existsSync(entryOf(app)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue;
    console.error(`Building ${app} …`);
    const nest = spawnSync(
      nodeBinary(),
      [join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build', app],
      {
        cwd: root,
        // Standard output belongs to the app that is started next.
        stdio: ['ignore', 2, 'inherit'],
        env: environment(),
      },
    );
    if (nest.status !== 0) process.exit(nest.status ?? 1);
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, now);
  }
}

function fingerprint() {
  const hash = createHash('sha256');
  const files = ['tsconfig.json', 'nest-cli.json', 'package-lock.json', ...sources('apps'), ...sources('libs')];
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
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
