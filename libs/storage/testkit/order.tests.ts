import { expect } from '@jest/globals';
import type { Post } from '@hub/contracts';
import type { Change, Store } from '@hub/storage';
import * as fc from 'fast-check';
import { aDelete, aGap, anUpsert } from './a-change.ts';
import { aPost, embedded } from './a-post.ts';
import type { ContractTests } from './context.ts';
import { allPages, readFeed, replayed } from './reading.ts';

const RUNS = 40;
const RUNS_AT_ONCE = 25;

/** What happens to a post, in the order in which its sources tell of it. */
interface Plot {
  /** Edits; true: the server names no time of it. */
  edits: boolean[];
  /** Seen through another server as well. */
  twice: boolean;
  deleted: boolean;
  boosted: boolean;
  quoted: boolean;
}

const plot: fc.Arbitrary<Plot> = fc.record({
  edits: fc.array(fc.boolean(), { maxLength: 3 }),
  twice: fc.boolean(),
  deleted: fc.boolean(),
  boosted: fc.boolean(),
  quoted: fc.boolean(),
});

/** The history of a plot at a host; sequences count on over the edits. */
function history({ edits, twice, deleted, boosted, quoted }: Plot, localId: string, host: string): Change[] {
  const at = (source: string, id: string) => ({ hub: { source, local_id: id } });
  const post = aPost({ text: 'first', ...at(host, localId) });
  const quote = { state: 'accepted', quoted_status: embedded(post), quoted_status_id: localId };
  const changes: Change[] = [anUpsert(post)];
  if (twice) changes.push(anUpsert(post, { source: `b.${host}`, localId: `b${localId}`, version: versionOf(post, 2) }));
  if (boosted) changes.push(anUpsert(aPost({ reblog: embedded(post), ...at(host, `${localId}-boost`) })));
  if (quoted) {
    // Where the quoted post has another local id, if it is seen there too.
    const [source, id] = twice ? [`b.${host}`, `b${localId}`] : [host, localId];
    const quoting = aPost({ quote, account: { acct: `ada@${host}` }, ...at(source, `${id}-quote`) });
    changes.push(anUpsert(quoting, { references: [{ kind: 'quote', uri: post.uri, localId: id }] }));
  }
  let { edited_at } = post;
  for (const [i, silent] of edits.entries()) {
    if (!silent) edited_at = `2026-11-02T00:00:0${i}.000Z`;
    const edit = { ...post, content: `edit ${i}`, edited_at };
    changes.push(anUpsert(edit, { edited: true, version: versionOf(edit, 10 + i) }));
  }
  if (deleted) changes.push(aDelete(post));
  return [...changes, aGap({ source: host, from: `2026-11-01T00:00:00.${localId.padStart(3, '0')}Z` })];
}

function versionOf(post: Post, sequence: number) {
  return { at: Date.parse(post.edited_at ?? post.created_at), sequence };
}

/** Indexes of `count` changes, some of them twice, in any order, cut into calls. */
function arrivals(count: number): fc.Arbitrary<number[][]> {
  const indexes = Array.from({ length: count }, (_, i) => i);
  const shuffled = fc.subarray(indexes).chain((again) => {
    const all = [...indexes, ...again];
    return fc.shuffledSubarray(all, { minLength: all.length });
  });
  return fc.tuple(shuffled, fc.integer({ min: 1, max: 7 })).map(([all, size]) => {
    const calls = Math.ceil(all.length / size);
    return Array.from({ length: calls }, (_, i) => all.slice(i * size, (i + 1) * size));
  });
}

/** Posts by URI, told apart from another host's only by what they say. Which source was first is left to chance. */
function essence(posts: Iterable<Post>, host: string): string[] {
  return [...posts].map((post) => JSON.stringify({ ...post, id: '', hub: '' }).replaceAll(host, 'host')).sort();
}

type Calls = readonly (readonly Change[])[];

/** What the first store shows after the calls, which the stores, all of the same data, share between them. */
async function applied(stores: readonly [Store, ...Store[]], calls: Calls, host: string): Promise<string[]> {
  const [store] = stores;
  const from = await store.head();
  const share = async (one: Store, i: number) => {
    for (const call of calls.filter((_, n) => n % stores.length === i)) await one.apply(call);
  };
  await Promise.all(stores.map(share));
  const stored = await allPages(store, { instance: [host] });
  const replay = replayed(await readFeed(store, from));
  expect(replay).toEqual(new Map(stored.map((post) => [post.uri, post])));
  return essence(stored, host);
}

function histories(plots: readonly Plot[], host: string): Change[] {
  return plots.flatMap((each, i) => history(each, String(i + 1), host));
}

const scenario = fc
  .array(plot, { minLength: 1, maxLength: 3 })
  .chain((plots) => fc.record({ plots: fc.constant(plots), calls: arrivals(histories(plots, 'any').length) }));

async function leavesTheSame(stores: readonly [Store, ...Store[]], host: string, numRuns: number): Promise<void> {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(scenario, async ({ plots, calls }) => {
      const [here, there] = [`n${++run}.${host}`, `s${run}.${host}`];
      const told = await applied([stores[0]], [histories(plots, here)], here);
      const changes = histories(plots, there);
      const shuffled = calls.map((call) => call.flatMap((i) => changes[i] ?? []));
      expect(await applied(stores, shuffled, there)).toEqual(told);
    }),
    { numRuns },
  );
}

export const orderTests: ContractTests = {
  'leaves the same posts, and one feed that replays to them': ({ store, host }) => leavesTheSame([store], host, RUNS),

  'leaves them also if several instances apply at once': {
    needs: 'second_instance',
    run: async ({ fresh, host }) => {
      const site = await fresh();
      const stores = [await site.open(), await site.open(), await site.open()] as const;
      await leavesTheSame(stores, host, RUNS_AT_ONCE);
      await Promise.all(stores.map((store) => store.close()));
    },
  },
};
