import type { Store } from '@hub/storage';
import { anUpsert } from './a-change.ts';
import { aPost } from './a-post.ts';

/** Posts a call. */
export const APPLIED_AT_ONCE = 20;

/** The n-th post that `applyForEver` applies. */
export function nthPost(n: number) {
  return aPost({ text: `post ${n} ${'and more '.repeat(40)}`, hub: { source: 'crash.example', local_id: String(n) } });
}

/**
 * Applies posts call after call, from the n-th on, several calls at once, and tells the parent process in a line of
 * its own how many are acknowledged without a gap. Ends with the process.
 */
export async function applyForEver(store: Store, first: number): Promise<void> {
  const waiting: Promise<number>[] = [];
  for (let n = first; ; n += APPLIED_AT_ONCE) {
    const changes = Array.from({ length: APPLIED_AT_ONCE }, (_, i) => anUpsert(nthPost(n + i)));
    waiting.push(store.apply(changes).then(() => n + APPLIED_AT_ONCE));
    if (waiting.length > 3) process.stdout.write(`${await waiting.shift()}\n`);
  }
}
