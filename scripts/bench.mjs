// npm run bench:NAME: installs and builds what is missing, then measures. Usage: node scripts/bench.mjs NAME
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled, environment, nodeBinary, root } from './ensure-installed.mjs';

const [name = '', ...args] = process.argv.slice(2);
ensureInstalled();
ensureBuilt('bench');

const entry = join(root, 'dist', 'apps', 'bench', 'test', 'bench', name, 'main.js');
if (!existsSync(entry)) {
  console.error(`There is no benchmark '${name}': those in test/bench can be run.`);
  process.exit(1);
}
const { status } = spawnSync(nodeBinary(), ['--enable-source-maps', entry, ...args], {
  stdio: 'inherit',
  env: environment(),
});
process.exit(status ?? 1);
