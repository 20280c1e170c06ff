import { describe, expect, it } from '@jest/globals';
import type { Change, Outcome } from '@hub/storage';
import { ApplyQueue } from './apply-queue.ts';

const change = (localId: string): Change => ({ kind: 'delete', source: 's', localId });
const many = (count: number) => Array.from({ length: count }, (_, i) => change(String(i)));

/** A queue whose runs are noted and end when told. */
function slowQueue() {
  const runs: { ids: string[]; end: (error?: Error) => void }[] = [];
  const queue = new ApplyQueue((changes) => {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome[]>();
    const ids = changes.map((each) => (each.kind === 'delete' ? each.localId : ''));
    const outcomes = ids.map((id): Outcome => (id.startsWith('x') ? 'stale' : 'deleted'));
    runs.push({ ids, end: (error) => (error === undefined ? resolve(outcomes) : reject(error)) });
    return promise;
  });
  return { queue, runs };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('ApplyQueue', () => {
  it('applies what waits together, in order, and gives each call its own outcomes', async () => {
    const { queue, runs } = slowQueue();
    const calls = [['a'], ['b', 'x1'], [], ['c']].map((ids) => queue.apply(ids.map(change)));
    runs[0]?.end();
    await turn();
    runs[1]?.end();
    expect(await Promise.all(calls)).toEqual([['deleted'], ['deleted', 'stale'], [], ['deleted']]);
    expect(runs.map(({ ids }) => ids)).toEqual([['a'], ['b', 'x1', 'c']]);
  });

  it('keeps what is applied together within bounds, but never parts a call', async () => {
    const { queue, runs } = slowQueue();
    const sizes = [1, 600, 300, 200, 2000];
    const calls = sizes.map((size) => queue.apply(many(size)));
    for (let i = 0; i < 4; i++) {
      runs[i]?.end();
      await turn();
    }
    expect((await Promise.all(calls)).map(({ length }) => length)).toEqual(sizes);
    expect(runs.map(({ ids }) => ids.length)).toEqual([1, 900, 200, 2000]);
  });

  it('lets only that call fail which fails alone', async () => {
    const { queue, runs } = slowQueue();
    const calls = ['a', 'b', 'poison', 'd'].map((id) => queue.apply([change(id)]));
    const settled = Promise.allSettled(calls);
    runs[0]?.end();
    await turn();
    runs[1]?.end(new Error('of one of them'));
    for (let i = 2; i < 5; i++) {
      await turn();
      runs[i]?.end(runs[i]?.ids[0] === 'poison' ? new Error('of this one') : undefined);
    }
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    await queue.idle();
  });
});
