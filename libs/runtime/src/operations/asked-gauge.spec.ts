import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { askedGauge, type AskedGaugeOptions } from './asked-gauge.ts';

function gauge(ask: AskedGaugeOptions<'kind'>['ask'], more: Partial<AskedGaugeOptions<'kind'>> = {}) {
  const registry = new Registry();
  askedGauge(registry, { name: 'n', help: 'h', label: 'kind', ask, freshMs: 0, ...more });
  return async () => (await registry.metrics()).split('\n').filter((line) => line.startsWith('n{'));
}

describe('a gauge that asks', () => {
  it('shows what it is told, at each scrape anew', async () => {
    let count = 0;
    const scrape = gauge(async () => ({ posts: (count += 1), gaps: 0 }));
    expect(await scrape()).toEqual(['n{kind="posts"} 1', 'n{kind="gaps"} 0']);
    expect(await scrape()).toEqual(['n{kind="posts"} 2', 'n{kind="gaps"} 0']);
  });

  it('does not ask again while the answer is fresh', async () => {
    let count = 0;
    const scrape = gauge(async () => ({ posts: (count += 1) }), { freshMs: 60_000 });
    await scrape();
    expect(await scrape()).toEqual(['n{kind="posts"} 1']);
  });

  it('shows nothing, and holds up no scrape, when there is no answer', async () => {
    let answers = true;
    const failing = gauge(() => (answers ? Promise.resolve({ posts: 1 }) : Promise.reject(new Error('away'))));
    expect(await failing()).toEqual(['n{kind="posts"} 1']);
    answers = false;
    expect(await failing()).toEqual([]);
    const hanging = gauge(() => new Promise(() => undefined), { withinMs: 10 });
    expect(await hanging()).toEqual([]);
  });
});
