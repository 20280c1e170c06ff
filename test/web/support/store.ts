import type { Post } from '@hub/contracts';
import type { Store } from '@hub/storage';
import { anUpsert, aPost, type PostFields } from '@hub/storage/testkit';

const START = Date.now() - 3_600_000;

/** The nth post, by its time too. */
export function post(n: number, fields: PostFields = {}): Post {
  return aPost({
    text: `post ${n}.`,
    created_at: new Date(START + n * 10).toISOString(),
    ...fields,
    hub: { local_id: String(n), observed_at: new Date().toISOString(), ...fields.hub },
  });
}

/** Posts as they are seen for the first time. */
export async function add(store: Store, ...posts: Post[]): Promise<void> {
  await store.apply(posts.map((one) => anUpsert(one)));
}

/** Posts as their authors change them. */
export async function edit(store: Store, ...posts: Post[]): Promise<void> {
  const edited_at = new Date().toISOString();
  await store.apply(posts.map((one) => anUpsert({ ...one, edited_at }, { edited: true })));
}

/** Posts `from` to `from + count - 1`, in batches. */
export async function addMany(store: Store, from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n += 500) {
    await add(store, ...Array.from({ length: Math.min(500, from + count - n) }, (_, i) => post(n + i)));
  }
}
