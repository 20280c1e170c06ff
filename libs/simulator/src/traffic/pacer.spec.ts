import { describe, expect, it } from '@jest/globals';
import { Pacer } from './pacer.ts';

/** Runs a pacer until it has acted so often; tells how many milliseconds that took. */
async function timed(rate: number, acts: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = acts;
  const pacer = new Pacer(rate, () => {
    left -= 1;
    if (left === 0) resolve();
  });
  const start = performance.now();
  pacer.start();
  await promise;
  pacer.stop();
  expect(pacer.running).toBe(false);
  return performance.now() - start;
}

describe('Pacer', () => {
  it('acts as often as it should, never faster', async () => {
    expect(await timed(1_000, 200)).toBeGreaterThan(175);
    expect(await timed(20, 3)).toBeGreaterThan(125);
  });

  it('rests at a rate of 0 until it gets another', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const pacer = new Pacer(0, resolve);
    pacer.start();
    pacer.setRate(100);
    expect(pacer.perSecond).toBe(100);
    await promise;
    pacer.stop();
  });
});
