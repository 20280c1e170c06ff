// npm run check:deps: the rules of .dependency-cruiser.mjs hold, and each of them fires on a tree that breaks it.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import config from '../.dependency-cruiser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

async function violations(baseDir) {
  const { options, ...ruleSet } = config;
  const cruiseOptions = { ...options, baseDir, ruleSet, validate: true };
  const tsConfig = extractTSConfig(join(root, 'tsconfig.json'));
  const { output } = await cruise(['apps', 'libs'], cruiseOptions, undefined, { tsConfig });
  return output.summary.violations;
}

const broken = await violations(root);
for (const { from, to, rule } of broken) console.error(`${rule.name}: ${from} → ${to}`);
const fired = new Set((await violations(join(root, 'test', 'fixtures', 'illegal'))).map(({ rule }) => rule.name));
const silent = config.forbidden.map(({ name }) => name).filter((name) => !fired.has(name));
for (const name of silent) console.error(`${name}: does not fire on test/fixtures/illegal`);
console.log(
  `Dependency rules: ${broken.length} violations; ${fired.size} of ${config.forbidden.length} rules proved to fire.`,
);
process.exit(broken.length + silent.length > 0 ? 1 : 0);
