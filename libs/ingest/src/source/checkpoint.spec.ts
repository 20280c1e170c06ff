import { describe, expect, it } from '@jest/globals';
import { Checkpoint } from './checkpoint.ts';

class MemoryCheckpoints {
  readonly values = new Map<string, string>();
  failing = false;

  get(name: string): Promise<string | undefined> {
    return Promise.resolve(this.values.get(name));
  }

  set(name: string, value: string): Promise<void> {
    if (this.failing) return Promise.reject(new Error('away'));
    this.values.set(name, value);
    return Promise.resolve();
  }
}

async function reopened(store: MemoryCheckpoints): Promise<Checkpoint> {
  const checkpoint = new Checkpoint(store, 'x');
  await checkpoint.load();
  return checkpoint;
}

describe('Checkpoint', () => {
  it('knows nothing at first', async () => {
    const checkpoint = await reopened(new MemoryCheckpoints());
    expect([checkpoint.at, checkpoint.start]).toEqual([undefined, undefined]);
  });

  it('is there after a restart', async () => {
    const store = new MemoryCheckpoints();
    const checkpoint = await reopened(store);
    checkpoint.begin('5', 1000);
    checkpoint.acknowledged('6', 2000);
    await checkpoint.save();
    const again = await reopened(store);
    expect([again.at, again.start]).toEqual([2000, '5']);
  });

  it('goes back 400 posts, or what is left of ten minutes', async () => {
    const checkpoint = await reopened(new MemoryCheckpoints());
    checkpoint.begin('0', 0);
    for (let i = 1; i <= 1000; i += 1) checkpoint.acknowledged(String(i), i);
    expect(Number(checkpoint.start)).toBeLessThanOrEqual(640);
    expect(Number(checkpoint.start)).toBeGreaterThanOrEqual(560);
    for (let i = 1; i <= 20; i += 1) checkpoint.acknowledged(`slow${i}`, 1000 + i * 60_000);
    expect(checkpoint.start).toBe('slow11');
  });

  it('does not pass a hole by what comes live after it', async () => {
    const store = new MemoryCheckpoints();
    const checkpoint = await reopened(store);
    checkpoint.begin('5', 1000);
    checkpoint.hold();
    checkpoint.acknowledged('90', 9000);
    checkpoint.touch(9500);
    checkpoint.filled('7', 3000);
    await checkpoint.save();
    expect((await reopened(store)).at).toBe(3000);
    checkpoint.release(8000);
    checkpoint.touch(9600);
    await checkpoint.save();
    expect((await reopened(store)).at).toBe(9600);
  });

  it('forgets what was ahead of a hole that was not closed', async () => {
    const checkpoint = await reopened(new MemoryCheckpoints());
    checkpoint.begin('5', 1000);
    checkpoint.hold();
    for (let i = 0; i < 100; i += 1) checkpoint.acknowledged(`a${i}`, 100_000 + i);
    checkpoint.hold();
    checkpoint.release(200_000);
    expect(checkpoint.start).toBe('5');
  });

  it('saves again what the store refused', async () => {
    const store = new MemoryCheckpoints();
    const checkpoint = await reopened(store);
    store.failing = true;
    checkpoint.begin('5', 1000);
    await checkpoint.save();
    store.failing = false;
    await checkpoint.save();
    expect((await reopened(store)).at).toBe(1000);
  });
});
