// npm run check:proto: the contract is well written, its generated code is up to date, nothing that others rely on
// has changed, and the test vectors hold in an implementation that is not ours (buf's).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = 'libs/contracts/src/proto/gen';

function buf(args, input = '') {
  const program = join(root, 'node_modules', '.bin', 'buf');
  const run = spawnSync(program, args, { cwd: root, input: Buffer.from(input) });
  return { ok: run.status === 0, stdout: run.stdout, output: [run.stdout, run.stderr, run.error ?? ''].join('') };
}

const command = (...args) => {
  const { ok, output } = buf(args);
  return ok ? [] : [output];
};

function files(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(folder, path), readFileSync(path, 'utf8')];
    }),
  );
}

function generatedCode() {
  const temporary = mkdtempSync(join(tmpdir(), 'hub-proto-'));
  try {
    const { ok, output } = buf(['generate', '--output', temporary]);
    if (!ok) return [output];
    const fresh = files(join(temporary, generated));
    const committed = files(join(root, generated));
    const names = new Set([...fresh.keys(), ...committed.keys()]);
    const stale = [...names].filter((name) => fresh.get(name) !== committed.get(name));
    return stale.map((name) => `${join(generated, name)} is out of date: npm run gen:proto`);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

function vectors() {
  const { vectors } = JSON.parse(readFileSync(join(root, 'test/vectors/messages.json'), 'utf8'));
  return vectors.flatMap(({ name, message, json, hex }) => {
    const from = ['convert', 'proto', '--type', message, '--from', '-#format=json', '--to', '-#format=binpb'];
    const { ok, stdout, output } = buf(from, JSON.stringify(json));
    if (!ok) return [`vector «${name}»: ${output}`];
    return stdout.toString('hex') === hex ? [] : [`vector «${name}»: buf encodes it as ${stdout.toString('hex')}`];
  });
}

const checks = {
  lint: () => command('lint'),
  format: () => command('format', '--diff', '--exit-code'),
  'generated code': generatedCode,
  'compatible with the original system': () => command('breaking', '--against', 'test/fixtures/original-contract'),
  'compatible with the last agreed contract': () => command('breaking', '--against', 'proto/baseline.binpb'),
  'test vectors': vectors,
};

let failed = false;
for (const [name, check] of Object.entries(checks)) {
  const problems = check();
  failed ||= problems.length > 0;
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  for (const problem of problems) console.error(problem.trim().replaceAll(/^/gm, '     '));
}
process.exit(failed ? 1 : 0);
