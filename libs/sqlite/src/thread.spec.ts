import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseThread } from './index.ts';
import type { NumbersApi } from './thread-fixture.worker.ts';

describe('DatabaseThread', () => {
  let folder: string;
  let path: string;
  let thread: DatabaseThread<NumbersApi>;
  let remote: DatabaseThread<NumbersApi>['remote'];
  const notices: unknown[] = [];

  function open() {
    thread = new DatabaseThread<NumbersApi>('./thread-fixture.worker', import.meta.url, path, (notice) =>
      notices.push(notice),
    );
    remote = thread.remote;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-thread-'));
    path = join(folder, 'numbers.db');
    notices.length = 0;
    open();
  });

  afterEach(async () => {
    await thread.close();
    rmSync(folder, { recursive: true });
  });

  it('commits writes that wait together, in the order of the calls', async () => {
    await thread.opened();
    const numbers = Array.from({ length: 1000 }, (_, i) => i);
    await Promise.all(numbers.map((n) => remote.add(n)));
    expect(await remote.all()).toEqual(numbers);
    expect(await remote.commits()).toBeLessThan(100);
  });

  it('undoes a call that fails, and nothing of the others in its transaction', async () => {
    await thread.opened();
    const calls = [remote.add(1, 2), remote.addAndFail(3), remote.add(4)];
    const [first, second, third] = await Promise.allSettled(calls);
    expect([first?.status, third?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(second).toMatchObject({ status: 'rejected', reason: { message: 'on purpose' } });
    expect(await remote.all()).toEqual([1, 2, 4]);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('gives way if it wants to', async () => {
    expect(await remote.niceness()).toBeGreaterThan(getPriority());
  });

  it('lets reads see the writes that were called before', async () => {
    const [, seen] = await Promise.all([remote.add(1), remote.all()]);
    expect(seen).toEqual([1]);
  });

  it('waits for the disk unless all of a transaction can be done again', async () => {
    const calls = Array.from({ length: 300 }, (_, n) => (n % 3 === 1 ? remote.add(n) : remote.addAgain(n)));
    await Promise.all(calls);
    await remote.add(300);
    expect(await remote.waited()).toEqual({ last: true, tooFew: 0 });
    await remote.addAgain(301);
    expect(await remote.waited()).toEqual({ last: false, tooFew: 0 });
  });

  it('keeps what it acknowledged over a reopening', async () => {
    await remote.add(1);
    await thread.close();
    open();
    expect(await remote.all()).toEqual([1]);
  });

  it('rejects with storage_full when the file may not grow, and goes on when it may', async () => {
    await remote.add(1);
    await remote.limit(10);
    await expect(remote.fill(1_000_000)).rejects.toMatchObject({ code: 'storage_full', retryable: true });
    await remote.limit(10_000);
    await remote.fill(1_000_000);
    expect(await remote.all()).toEqual([1]);
  });

  it('either stores or rejects each call of a transaction that ran out of space', async () => {
    await remote.limit(10);
    const calls = [remote.add(1), remote.fill(1_000_000), remote.add(2)];
    const settled = await Promise.allSettled(calls);
    expect(settled[1]).toMatchObject({ status: 'rejected' });
    const stored = [1, 2].filter((_, i) => settled[i * 2]?.status === 'fulfilled');
    expect(await remote.all()).toEqual(stored);
  });

  it('passes on what the worker says by itself', async () => {
    await remote.say('hello');
    expect(notices).toEqual(['hello']);
  });

  it('rejects all calls, for good, when the thread has died, and stored nothing of theirs', async () => {
    await remote.add(1);
    const calls = await Promise.allSettled([remote.add(2), remote.die(), remote.add(3)]);
    expect(calls.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(remote.all()).rejects.toMatchObject({ code: 'internal', retryable: false });
    await thread.close();
    open();
    expect(await remote.all()).toEqual([1]);
  });

  it('finishes what was called before it closes, and refuses what comes after', async () => {
    const added = remote.add(1);
    const closed = thread.close();
    await added;
    await closed;
    await expect(remote.all()).rejects.toMatchObject({ code: 'shutting_down' });
  });

  it('tells why it could not open, and closes all the same', async () => {
    await thread.close();
    writeFileSync(path, 'not a database, but long enough to be looked at as if it were one '.repeat(50));
    open();
    await expect(thread.opened()).rejects.toMatchObject({ code: 'data_corrupt' });
    await expect(remote.all()).rejects.toThrow();
  });

  it('lets several open a new file at once', async () => {
    await thread.close();
    path = join(folder, 'new.db');
    const threads = Array.from({ length: 6 }, () => {
      open();
      return thread;
    });
    await Promise.all(threads.map((one) => one.opened()));
    await Promise.all(threads.map((one, i) => one.remote.add(i)));
    expect((await remote.all()).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
    await Promise.all(threads.map((one) => one.close()));
  });

  it('rejects a call of what the worker does not have', async () => {
    const other = new DatabaseThread<{ nothing(): void }>('./thread-fixture.worker', import.meta.url, path);
    await expect(other.remote.nothing()).rejects.toThrow('no method nothing');
    await other.close();
  });
});
