// npm run build: all apps, or those named.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './ensure-built.mjs';
import { ensureInstalled, root } from './ensure-installed.mjs';

ensureInstalled();
const apps = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(join(root, 'apps'));
ensureBuilt(...apps);
