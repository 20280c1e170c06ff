// Runs the Dockerfile by hand, where there is no container engine: the RUN lines of its stages in the same order in
// empty folders, then each app's CMD as an unprivileged user on files that it cannot change, until its HEALTHCHECK is
// content; SIGTERM must end it well. With --built it takes the apps that are built here already, which saves the build
// stage and most of the time.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuilt } from './ensure-built.mjs';
import { environment, nodeBinary, root } from './ensure-installed.mjs';

const USER = 1000;
const HEALTHY_WITHIN_MS = 30_000;
const APPS = ['hub', 'mastodon-stream', 'producer', 'processor', 'gateway', 'simulator'];

const stages = readStages();
const work = mkdtempSync(join(tmpdir(), 'hub-image-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const at = (...names) => join(work, ...names);

/** Stage → its instructions, [name, rest], in order. */
function readStages() {
  const text = readFileSync(join(root, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
  const found = new Map();
  let current;
  for (const line of text.split('\n').filter((line) => /^[A-Z]/.test(line))) {
    const [, name, rest] = /^(\S+)\s+(.*)$/.exec(line);
    if (name === 'FROM') found.set(rest.split(' AS ')[1], (current = []));
    else current.push([name, rest]);
  }
  return found;
}

const instructions = (stage, name) => stages.get(stage).flatMap(([is, rest]) => (is === name ? [rest] : []));

function runLines(stage) {
  for (const command of instructions(stage, 'RUN')) {
    const started = Date.now();
    console.log(`${stage}: RUN ${command}`);
    const { status } = spawnSync('sh', ['-euc', command], {
      cwd: at(stage),
      stdio: ['ignore', 2, 2],
      env: environment(),
    });
    if (status !== 0) throw new Error(`it ends with ${status}`);
    console.log(`  ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** COPY . . with .dockerignore, as far as ours goes: what the lines with ! name, but for what is left out in any folder. */
function copyContext(to) {
  const lines = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
  const listed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const left = lines.filter((line) => line.startsWith('**/')).map((line) => line.slice(3));
  const isLeft = (path) =>
    left.some((name) => (name.startsWith('*') ? path.endsWith(name.slice(1)) : path.endsWith(`/${name}`)));
  for (const name of listed)
    cpSync(join(root, name), join(to, name), { recursive: true, filter: (path) => !isLeft(path) });
}

/** WORKDIR with what the source stage copies. */
function startStage(stage) {
  mkdirSync(at(stage));
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(root, name), at(stage, name));
}

function installDependencies() {
  startStage('dependencies');
  runLines('dependencies');
}

function build() {
  startStage('build');
  const [install, compile] = instructions('build', 'RUN');
  stages.set('build', [['RUN', install]]);
  runLines('build');
  copyContext(at('build'));
  stages.set('build', [['RUN', compile]]);
  runLines('build');
}

/** The file system of an image, as far as we put something there: nobody may write to it. */
function assemble(app, built) {
  const image = at(`image-${app}`);
  mkdirSync(image);
  for (const file of ['deploy/health.mjs', 'package.json'])
    cpSync(join(root, file), join(image, file.split('/').at(-1)));
  cpSync(at('dependencies', 'node_modules'), join(image, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  for (const copied of instructions(app, 'COPY')) {
    const [from, to] = copied.replace('--from=build /app/', '').split(' ');
    cpSync(join(built, from), join(image, to), { recursive: true });
  }
  for (const entry of readdirSync(image, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o555 : 0o444);
  }
  chmodSync(image, 0o555);
  return image;
}

const command = (line) => JSON.parse(line.slice(line.indexOf('[')));

function unprivileged([program, ...args]) {
  const node = program === 'node' ? nodeBinary() : program;
  return process.getuid() === 0
    ? ['setpriv', [`--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--no-new-privs', node, ...args]]
    : [node, args];
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
}

/** The ENV lines, with ports that are free here in place of the image's own. */
async function settings(app, data) {
  const lines = [...instructions('runtime', 'ENV'), ...instructions(app, 'ENV')].join(' ');
  const env = Object.fromEntries([...lines.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]));
  const moved = new Map();
  for (const name of Object.keys(env).filter((name) => name.endsWith('_PORT'))) {
    const port = String(await freePort());
    moved.set(env[name], port);
    env[name] = port;
  }
  const more = {
    DATA_DIR: data,
    PATH: process.env.PATH,
    ...(app === 'mastodon-stream' && { MASTODON_SERVER: '127.0.0.1:9' }),
  };
  return { env: { ...env, BIND_ADDRESS: '127.0.0.1', ...more }, moved };
}

async function startAndStop(app, built) {
  const image = assemble(app, built);
  const data = at(`data-${app}`);
  mkdirSync(data, { mode: 0o700 });
  if (process.getuid() === 0) chownSync(data, USER, USER);
  const { env, moved } = await settings(app, data);
  const run = (words) => {
    const [program, args] = unprivileged(words);
    return spawn(program, args, { cwd: image, env, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  const check = command(instructions(app, 'HEALTHCHECK')[0]).map((word) =>
    word.replace(/(?<=127\.0\.0\.1:)\d+/, (port) => moved.get(port)),
  );
  const running = run(command(instructions(app, 'CMD')[0]));
  const ended = once(running, 'exit');
  try {
    const deadline = Date.now() + HEALTHY_WITHIN_MS;
    const quiet = () => once(spawn(...unprivileged(check), { cwd: image, env, stdio: 'ignore' }), 'exit');
    while ((await quiet())[0] !== 0) {
      if (running.exitCode !== null) throw new Error(`${app} ended with ${running.exitCode}`);
      if (Date.now() > deadline) throw new Error(`${app} is not healthy after ${HEALTHY_WITHIN_MS} ms`);
      await sleep(100);
    }
    running.kill('SIGTERM');
    const [code] = await Promise.race([ended, sleep(25_000, ['nothing, for 25 s'])]);
    if (code !== 0) throw new Error(`${app} ended with ${code} on SIGTERM`);
    console.log(`${app}: healthy, and ended well on SIGTERM`);
  } finally {
    running.kill('SIGKILL');
  }
}

try {
  chmodSync(work, 0o755);
  const hasBuilt = process.argv.includes('--built');
  installDependencies();
  if (hasBuilt) ensureBuilt(...APPS, 'web');
  else build();
  for (const app of APPS) await startAndStop(app, hasBuilt ? root : at('build'));
  console.log('The steps of the Dockerfile work.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
