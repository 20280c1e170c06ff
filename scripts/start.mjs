// npm start: installs, builds and runs an app, and hands signals on to it. Usage: node scripts/start.mjs APP [ARGUMENT …]
import { spawn } from 'node:child_process';
import { ensureBuilt, entryOf } from './ensure-built.mjs';
import { ensureInstalled, environment, nodeBinary } from './ensure-installed.mjs';

const [app, ...args] = process.argv.slice(2);
ensureInstalled();
ensureBuilt(app);

const child = spawn(nodeBinary(), ['--enable-source-maps', entryOf(app), ...args], {
  stdio: 'inherit',
  env: environment(),
});
// A terminal sends Ctrl-C to the whole group; the app gets it by itself, and this process only has to outlive it.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
