import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { anUpsert, aPost } from '@hub/storage/testkit';
import { openTestStore, startGateway, type TestGateway } from '../../../test/support/gateway.ts';

jest.setTimeout(30_000);

const post = (n: number) => aPost({ text: `post ${n}`, hub: { local_id: String(n) } });

function run(...args: string[]) {
  const program = spawn(
    process.execPath,
    ['--import', './test/support/aliases.mjs', 'apps/tail/src/main.ts', ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let complaint = '';
  program.stderr.on('data', (part: Buffer) => (complaint += part.toString()));
  const ended = once(program, 'close').then(([code]) => ({ code: code as number | null, complaint }));
  return { program, lines: createInterface(program.stdout)[Symbol.asyncIterator](), ended };
}

describe('tail', () => {
  let resources: AsyncDisposableStack;
  let hub: TestGateway;

  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    hub = resources.use(await startGateway(resources.use(await openTestStore())));
    await hub.store.apply([anUpsert(post(1)), anUpsert(post(2))]);
  });
  afterEach(() => resources.disposeAsync());

  it('prints the last posts, then new ones, as JSON lines, and at Ctrl-C the cursor to come back with', async () => {
    const { program, lines, ended } = run('--json', '--last', '2', '--url', hub.url);
    const read = async () =>
      JSON.parse((await lines.next()).value as string) as { type: string; cursor: string; data: unknown };
    await read();
    await read();
    await hub.store.apply([anUpsert(post(3))]);
    const third = await read();
    expect(third).toEqual({ type: 'post', cursor: expect.any(String), data: post(3) });
    program.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, complaint: `\nTo go on from here: --cursor ${third.cursor}\n` });
  });

  it('ends well when its reader has enough', async () => {
    const { program, lines, ended } = run('--last', '1', '--url', hub.url);
    expect((await lines.next()).value).toContain('@ada@social.example');
    program.stdout.destroy();
    const busy = setInterval(() => void hub.store.apply([anUpsert(post(Math.random()))]), 50);
    const { code } = await ended;
    clearInterval(busy);
    expect(code).toBe(0);
  });

  it('says what is wrong: no hub, or a misspelt option', async () => {
    const { port } = hub;
    await hub.stop();
    expect(await run('--url', `http://127.0.0.1:${port}`).ended).toEqual({
      code: 1,
      complaint: expect.stringContaining(`No hub answers at http://127.0.0.1:${port}.`),
    });
    expect(await run('--langauge', 'en').ended).toEqual({ code: 2, complaint: expect.stringContaining('langauge') });
  });
});
