// Worker threads under test load the TypeScript sources as they are (Node strips the types) and know nothing of the
// test runner's module map: this teaches Node the aliases of tsconfig.json. Given to node by --import.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const root = new URL('../../', import.meta.url);
const { paths } = JSON.parse(readFileSync(new URL('tsconfig.json', root), 'utf8')).compilerOptions;
const aliases = new Map(Object.entries(paths).map(([alias, [file]]) => [alias, new URL(file, root).href]));

registerHooks({
  resolve: (specifier, context, next) => next(aliases.get(specifier) ?? specifier, context),
});
