import { spawnSync } from 'node:child_process';
import { environment, root } from './ensure-installed.mjs';

/** Ends this process with jest's exit code. */
export function runJest(args) {
  const command = ['run', '-s', 'jest', '--', ...args];
  const { status } = spawnSync('npm', command, { cwd: root, stdio: 'inherit', env: environment() });
  process.exit(status ?? 1);
}
