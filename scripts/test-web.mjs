// npm run test:web: installs and builds what is missing, then runs the web client's tests in a browser. Arguments go to jest.
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { runJest } from './run-jest.mjs';

ensureInstalled();
ensureBuilt('hub', 'simulator', 'web');
runJest(['--selectProjects', 'web', '--maxWorkers=1', ...process.argv.slice(2)]);
