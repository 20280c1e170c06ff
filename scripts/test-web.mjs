// npm run test:web: installs and builds what is missing, then runs the web client's tests in a browser. Arguments go to jest.
import { spawnSync } from 'node:child_process';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled, environment, root } from './ensure-installed.mjs';

ensureInstalled();
ensureBuilt('hub', 'simulator', 'web');
const args = ['run', '-s', 'jest', '--', '--selectProjects', 'web', '--maxWorkers=1', ...process.argv.slice(2)];
const { status } = spawnSync('npm', args, { cwd: root, stdio: 'inherit', env: environment() });
process.exit(status ?? 1);
