import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { aDelete, anUpsert, aPost } from '@hub/storage/testkit';
import { buildClientPackage, installPackage, ROOT } from '../support/client-package.ts';
import { openTestStore, startGateway, type TestGateway } from '../support/gateway.ts';
import { describeWith } from '../servers/describe-with.ts';
import { installPythonPackage, PIP_PROBE } from '../servers/python-packages.ts';

jest.setTimeout(120_000);

const post = (n: number) =>
  aPost({ text: `post ${n}`, tags: [{ name: 'cats', url: '' }], hub: { local_id: String(n) } });

/** A program that prints lines. */
class Program {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  constructor(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env) {
    this.#child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream! }).on('line', (line) => {
        this.lines.push(line);
        for (const check of this.#waiting) check();
      });
    }
  }

  until(line: string): Promise<void> {
    return new Promise((resolve) => {
      const check = () => this.lines.includes(line) && resolve();
      this.#waiting.add(check);
      check();
    });
  }

  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    const ended = this.#child.exitCode ?? once(this.#child, 'exit');
    this.#child.kill(signal);
    await ended;
  }
}

let hub: TestGateway;
let resources: AsyncDisposableStack;
beforeEach(async () => {
  resources = new AsyncDisposableStack();
  hub = resources.use(await startGateway(resources.use(await openTestStore())));
});
afterEach(() => resources.disposeAsync());

describe('the npm package of the client', () => {
  let folder: string;
  const manifest = () =>
    JSON.parse(readFileSync(join(ROOT, 'libs', 'client', 'package.json'), 'utf8')) as { dependencies: object };

  beforeAll(() => {
    folder = installPackage(buildClientPackage(), Object.keys(manifest().dependencies));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('holds types by which a strict program compiles, and one that misuses it does not', () => {
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2023', 'dom'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.mts'] }));
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const check = (text: string) => {
      writeFileSync(join(folder, 'program.mts'), text);
      const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: folder });
      return { status, said: stdout.toString() };
    };
    const right = `import { connectHub, type Post } from 'mastodon-stream-hub-client';
      const posts: Post[] = [];
      for await (const event of connectHub('http://h').subscribe({ filter: { not: { media: ['video'] } } })) {
        if (event.type === 'post') posts.push(event.data);
        if (event.type === 'delete') console.log(event.data.id, event.cursor);
      }
      export {};`;
    expect(check(right)).toEqual({ status: 0, said: '' });
    expect(check(right.replace("['video']", "['hologram']")).status).not.toBe(0);
  });

  it('has as versions of what it depends on those that the hub is tested with', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { dependencies: object };
    expect(dependencies).toMatchObject(manifest().dependencies);
  });

  it('follows a hashtag from Node, and goes on where it stopped', async () => {
    cpSync(join(ROOT, 'examples', 'node', 'follow.mjs'), join(folder, 'follow.mjs'));
    const follow = () => new Program(process.execPath, ['follow.mjs', hub.url, 'cats'], folder);
    const first = follow();
    await first.until('[live]');
    await hub.store.apply([anUpsert(post(1)), anUpsert(aPost({ hub: { local_id: '2' } }))]);
    await first.until('post ada@social.example: post 1');
    await first.stop();
    await hub.store.apply([anUpsert(post(3)), aDelete(post(1))]);
    const second = follow();
    await second.until('post ada@social.example: post 3');
    await second.until(`delete ${JSON.stringify({ id: post(1).id, uri: post(1).uri })}`);
    expect(second.lines.filter((line) => line.startsWith('post'))).toHaveLength(1);
    await second.stop();
  });
});

const PYTHON_CLIENT = 'python-socketio[client]==5.18.1';
const PYTHON_PURPOSE = 'Python 3 with pip runs the example for python-socketio';
describeWith(PIP_PROBE, PYTHON_PURPOSE, 'the example in Python', () => {
  it('follows a hashtag, edits and deletions', async () => {
    const env = { ...process.env, PYTHONPATH: await installPythonPackage(PYTHON_CLIENT, { anyPython: true }) };
    const script = join(ROOT, 'examples', 'python', 'follow.py');
    const program = new Program('python3', [script, hub.url, 'cats'], ROOT, env);
    await program.until('[live]');
    await hub.store.apply([anUpsert(post(1)), anUpsert(aPost({ hub: { local_id: '2' } }))]);
    await program.until('post ada@social.example: post 1');
    await hub.store.apply([aDelete(post(1))]);
    await program.until(`delete ${post(1).uri}`);
    expect(program.lines).not.toContain('post ada@social.example: Hello, world');
    await program.stop('SIGKILL');
  });
});
