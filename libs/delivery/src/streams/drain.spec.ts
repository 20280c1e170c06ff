import { describe, expect, it } from '@jest/globals';
import { DELIVERY_DEFAULTS } from '../delivery.options.ts';
import { Drain } from './drain.ts';

const open = (drainMs: number) => new Drain({ ...DELIVERY_DEFAULTS, drainMs });

describe('Drain', () => {
  it.each([
    ['many, over its time', 300, 1000],
    ['few, sooner', 60_000, 100],
  ])('sends %s', async (_, drainMs, clients) => {
    const drain = open(drainMs);
    const started = performance.now();
    const times: number[] = [];
    for (let n = 0; n < clients; n++) drain.add({ shutDown: () => void times.push(performance.now() - started) });
    await drain.run();
    expect(times).toHaveLength(clients);
    const end = Math.min(drainMs, clients * 2);
    expect(times[clients / 2]).toBeGreaterThan(end / 2 - 10);
    expect(times.at(-1)).toBeGreaterThan(end - 20);
    expect(times.at(-1)).toBeLessThan(30_000);
  });

  it('waits for those who take their leave slowly, forgets who left before, and runs once', async () => {
    const drain = open(0);
    const told: string[] = [];
    const slow = Promise.withResolvers<void>();
    drain.add({ shutDown: () => slow.promise.then(() => void told.push('slow')) });
    const gone = { shutDown: () => void told.push('left') };
    drain.add(gone);
    drain.delete(gone);
    const runs = [drain.run(), drain.run()];
    slow.resolve();
    await Promise.all(runs);
    expect(told).toEqual(['slow']);
  });

  it('lets nobody in once it has begun; who slipped in is sent away', async () => {
    const drain = open(0);
    drain.check();
    await drain.run();
    expect(() => drain.check()).toThrow(/shutting down/);
    await new Promise<void>((resolve) => drain.add({ shutDown: resolve }));
  });
});
