// npm run build:client: makes the npm package of the client SDK in dist/client/package, ready for `npm publish`.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { ensureInstalled, nodeBinary, root } from './ensure-installed.mjs';

/** Types of the contracts that the client's refer to; they stand beside them in the package. */
const CONTRACTS = ['errors', 'feed', 'filter', 'post', 'socket-events'];
const MAX_GZIPPED_BYTES = 20 * 1024;

ensureInstalled();
const source = join(root, 'libs', 'client');
const made = join(root, 'dist', 'client', 'build');
const target = join(root, 'dist', 'client', 'package');
const dist = join(target, 'dist');
rmSync(join(root, 'dist', 'client'), { recursive: true, force: true });

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const { status } = spawnSync(nodeBinary(), [tsc, '-p', source], { stdio: 'inherit' });
if (status !== 0) process.exit(1);

cpSync(join(made, 'client', 'src'), dist, { recursive: true });
mkdirSync(join(dist, 'contracts'));
for (const name of CONTRACTS)
  copyFileSync(join(made, 'contracts', 'src', `${name}.d.ts`), join(dist, 'contracts', `${name}.d.ts`));
writeFileSync(
  join(dist, 'contracts', 'index.d.ts'),
  CONTRACTS.map((name) => `export * from './${name}.js';\n`).join(''),
);
for (const path of readdirSync(dist, { recursive: true }))
  if (/\.(js|d\.ts)$/.test(path)) mendImports(join(dist, path));
for (const file of ['package.json', 'README.md']) copyFileSync(join(source, file), join(target, file));
copyFileSync(join(root, 'LICENSE'), join(target, 'LICENSE'));

await bundle('browser.js', []);
const bytes = await sizeWithoutSocketIo();
console.log(`dist/client/package: ${bytes} bytes gzipped without socket.io-client.`);
if (bytes > MAX_GZIPPED_BYTES) {
  console.error(`That is more than ${MAX_GZIPPED_BYTES}.`);
  process.exit(1);
}

/** The contracts are there as types alone; relative imports of declarations keep the names of the sources. */
function mendImports(path) {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.js') && text.includes("'@hub/"))
    throw new Error(`${path}: the package does not hold what it imports.`);
  const mended = text
    .replaceAll("'@hub/contracts'", "'./contracts/index.js'")
    .replace(/(from '\.[^']*)\.ts'/g, "$1.js'");
  writeFileSync(path, mended);
}

async function bundle(fileName, external) {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: dist,
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: join(dist, 'index.js'), formats: ['es'], fileName: () => fileName },
      rolldownOptions: { external },
    },
  });
  const [{ output }] = [result].flat();
  const [{ code }] = output;
  if (external.length === 0) writeFileSync(join(dist, fileName), code);
  return code;
}

async function sizeWithoutSocketIo() {
  return gzipSync(await bundle('index.js', [/^socket\.io-/])).length;
}
