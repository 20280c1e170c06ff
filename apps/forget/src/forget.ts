import type { EmbeddedPost, Post } from '@hub/contracts';
import type { Blocklist } from '@hub/policy';
import type { DeleteChange, Store } from '@hub/storage';

const PAGE = 100;

export interface Forgotten {
  /** Stored posts that went: of those that are forgotten, and boosts of them. */
  posts: number;
  /** Posts of others that quote one of them, and are kept without it. */
  quotes: number;
  /** Stored posts that still hold something of them. Proven if 0. */
  left: number;
}

type Holder = Pick<Store, 'page' | 'apply'>;

/** Removes what the list names from a store, from its search and from its feed, and looks whether it is gone. */
export async function forget(store: Holder, list: Blocklist): Promise<Forgotten> {
  const before = await count(store, list, (page) => remove(store, page, list));
  const after = await count(store, list);
  return { posts: before.posts, quotes: before.quotes, left: after.posts + after.quotes };
}

async function count(
  store: Holder,
  list: Blocklist,
  each: (page: readonly Post[]) => Promise<void> = () => Promise.resolve(),
): Promise<{ posts: number; quotes: number }> {
  let posts = 0;
  let quotes = 0;
  for await (const page of pages(store)) {
    const named = page.filter((post) => isNamed(post, list) || (post.reblog !== null && isNamed(post.reblog, list)));
    const quoting = page.filter((post) => quotesIn(post).some((quoted) => isNamed(quoted, list)));
    posts += named.length;
    quotes += quoting.filter((post) => !named.includes(post)).length;
    await each(page);
  }
  return { posts, quotes };
}

async function* pages(store: Holder): AsyncIterable<readonly Post[]> {
  for (let before: string | null | undefined; before !== null;) {
    const page = await store.page({ filter: {}, limit: PAGE, ...(before !== undefined && { before }) });
    yield page.posts;
    before = page.before;
  }
}

/** By the ids at their source, those of embedded posts included: a deletion takes boosts and quotes along. */
async function remove(store: Holder, page: readonly Post[], list: Blocklist): Promise<void> {
  const changes = page.flatMap((post): DeleteChange[] => {
    const { source, local_id } = post.hub;
    const embedded = [post.reblog, ...quotesIn(post)].filter((each) => each !== null);
    const ids = embedded.filter((each) => isNamed(each, list)).map(({ id }) => id);
    if (isNamed(post, list)) ids.push(local_id);
    return ids.map((localId) => ({ kind: 'delete', source, localId }));
  });
  if (changes.length > 0) await store.apply(changes);
}

function quotesIn({ quote, reblog }: EmbeddedPost): EmbeddedPost[] {
  return [quote?.quoted_status, reblog?.quote?.quoted_status].filter((each) => each !== undefined && each !== null);
}

function isNamed(post: EmbeddedPost, list: Blocklist): boolean {
  return list.refusal(post) !== undefined;
}
