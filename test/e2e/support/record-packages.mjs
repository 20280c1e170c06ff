// Given to node by --import: writes the name of each npm package that the process loads, in any of its threads, a line
// each, to the file that its own URL names (?file=…).
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const file = new URL(import.meta.url).searchParams.get('file');
const known = new Set();

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const name = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(resolved.url)?.[1];
    if (name !== undefined && !known.has(name)) {
      known.add(name);
      appendFileSync(file, `${name}\n`);
    }
    return resolved;
  },
});
