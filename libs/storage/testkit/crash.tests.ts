import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from '@jest/globals';
import type { Store } from '@hub/storage';
import { anUpsert } from './a-change.ts';
import { APPLIED_AT_ONCE, nthPost } from './applier.ts';
import type { ContractTests, StoreSite } from './context.ts';
import { event, readFeed } from './reading.ts';

const CRASHES = 3;

/** Lets a process apply posts, kills it in the middle, and returns how many it said were acknowledged. */
async function crash(site: StoreSite, first: number): Promise<number> {
  const applier = site.spawnApplier(first);
  const exited = once(applier, 'exit');
  let acknowledged = first;
  let patience = 3 + Math.floor(Math.random() * 20);
  if (applier.stdout === null) throw new Error('the applier has no standard output');
  for await (const line of createInterface({ input: applier.stdout })) {
    acknowledged = Number(line);
    if (--patience === 0) applier.kill('SIGKILL');
  }
  await exited;
  expect(applier.signalCode).toBe('SIGKILL');
  return acknowledged;
}

async function expectAll(store: Store, start: string, acknowledged: number): Promise<number> {
  const feed = (await readFeed(store, start)).map(event);
  const numbers = feed.map(({ type, data }) => (type === 'post' ? Number(data.hub.local_id) : -1));
  // In order, each once, whole calls only.
  expect(numbers).toEqual(numbers.map((_, i) => i));
  expect(numbers.length % APPLIED_AT_ONCE).toBe(0);
  expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
  for (const n of [0, acknowledged - 1]) expect(await store.get(nthPost(n).id)).toEqual(nthPost(n));
  expect(await store.counts()).toMatchObject({ posts: numbers.length });
  return numbers.length;
}

export const crashTests: ContractTests = {
  'lose nothing that was acknowledged and repeat nothing': {
    needs: 'crash',
    run: async ({ fresh }) => {
      const site = await fresh();
      const empty = await site.open();
      const start = await empty.head();
      await empty.close();
      let stored = 0;
      for (let i = 0; i < CRASHES; i++) {
        const acknowledged = await crash(site, stored);
        const store = await site.open();
        stored = await expectAll(store, start, acknowledged);
        const again = await store.apply([anUpsert(nthPost(0)), anUpsert(nthPost(stored - 1))]);
        expect(again).toEqual(['stale', 'stale']);
        await store.close();
      }
    },
  },
};
