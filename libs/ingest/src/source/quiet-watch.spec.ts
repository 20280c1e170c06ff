import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SYSTEM_CLOCK } from '../clock.ts';
import { QuietWatch } from './quiet-watch.ts';

describe('QuietWatch', () => {
  let newest: string | undefined;
  let asked = 0;
  const watch = () => new QuietWatch(() => Promise.resolve(((asked += 1), newest)), SYSTEM_CLOCK, 1000, 100);

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick'] });
    asked = 0;
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  async function after(ms: number, quiet: QuietWatch): Promise<boolean> {
    jest.advanceTimersByTime(ms);
    return quiet.isDead();
  }

  it('asks nothing while posts come', async () => {
    const quiet = watch();
    newest = 'x';
    for (let i = 0; i < 10; i += 1) {
      quiet.saw(String(i));
      expect(await after(900, quiet)).toBe(false);
    }
    expect(asked).toBe(0);
  });

  it('does not take a quiet server for a dead stream', async () => {
    const quiet = watch();
    newest = 'an old post';
    for (let i = 0; i < 5; i += 1) expect(await after(1001, quiet)).toBe(false);
    expect(asked).toBe(5);
  });

  it('calls a stream dead that does not bring what the timeline has', async () => {
    const quiet = watch();
    newest = 'old';
    expect(await after(1001, quiet)).toBe(false);
    newest = 'new';
    expect(await after(1001, quiet)).toBe(false);
    expect(await after(101, quiet)).toBe(true);
  });

  it('is not misled by a timeline that goes on', async () => {
    const quiet = watch();
    newest = 'first';
    expect(await after(1001, quiet)).toBe(false);
    newest = 'second';
    expect(await after(1001, quiet)).toBe(false);
    newest = 'third';
    expect(await after(101, quiet)).toBe(true);
  });

  it('knows up to when the stream was alive for certain', async () => {
    const quiet = watch();
    const begun = quiet.provenAt;
    newest = 'x';
    await after(1001, quiet);
    newest = 'y';
    await after(1001, quiet);
    expect(quiet.provenAt).toBe(begun);
    quiet.saw('y');
    const seen = quiet.provenAt;
    expect(seen).toBe(begun + 2002);
    // The timeline has nothing that did not come.
    await after(1001, quiet);
    expect(quiet.provenAt).toBe(seen + 1001);
  });

  it('waits for a post that is on its way', async () => {
    const quiet = watch();
    newest = 'old';
    await after(1001, quiet);
    newest = 'new';
    await after(1001, quiet);
    quiet.saw('new');
    expect(await after(1001, quiet)).toBe(false);
    expect(await after(1001, quiet)).toBe(false);
  });
});
