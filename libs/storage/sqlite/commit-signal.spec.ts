import { describe, expect, it } from '@jest/globals';
import { CommitSignal } from './commit-signal.ts';

describe('CommitSignal', () => {
  const never = new AbortController().signal;

  it('does not wait for a commit that came after the look', async () => {
    const signal = new CommitSignal();
    const { commits } = signal;
    signal.announce();
    await signal.after(commits, never);
  });

  it('wakes all who wait, once', async () => {
    const signal = new CommitSignal();
    const woken: number[] = [];
    const waiting = [1, 2].map((n) => signal.after(signal.commits, never).then(() => woken.push(n)));
    await Promise.resolve();
    expect(woken).toEqual([]);
    signal.announce();
    await Promise.all(waiting);
    expect(woken).toEqual([1, 2]);
  });

  it('wakes who gives up', async () => {
    const signal = new CommitSignal();
    const stop = new AbortController();
    const waiting = signal.after(signal.commits, stop.signal);
    stop.abort();
    await waiting;
    await signal.after(signal.commits, stop.signal);
  });
});
