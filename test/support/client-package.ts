import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Builds the npm package of the client SDK. Returns its folder. */
export function buildClientPackage(): string {
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'build-client.mjs')], { stdio: 'pipe' });
  return join(ROOT, 'dist', 'client', 'package');
}

/**
 * A folder in which the package is installed from what `npm pack` makes of it. What it depends on is this project's own, so
 * that nothing is downloaded; only what the package names is there.
 */
export function installPackage(packageFolder: string, dependencies: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'hub-client-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: packageFolder });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  execFileSync('tar', ['-xzf', tarball], { cwd: folder });
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  cpSync(join(folder, 'package'), join(modules, 'mastodon-stream-hub-client'), { recursive: true });
  for (const name of dependencies) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  return folder;
}
