// npm test: installs and builds what is missing, then runs the unit, contract and end-to-end tests. Arguments go to jest.
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled } from './ensure-installed.mjs';
import { runJest } from './run-jest.mjs';

ensureInstalled();
ensureBuilt('hub', 'simulator', 'tail', 'dlq', 'forget', 'producer', 'processor', 'gateway', 'mastodon-stream', 'web');

const args = process.argv.slice(2);
// Real brokers and databases are a step of their own: npm run test:servers.
const projects = args.includes('--selectProjects') ? [] : ['--ignoreProjects', 'servers', 'chaos', 'web'];
runJest([...args, ...projects]);
