import type { Post } from '@hub/contracts';
import type { Store } from '@hub/storage';
import type { ChildProcess } from 'node:child_process';
import { aPost, type PostFields } from './a-post.ts';

/** Data of its own, and ways to it. */
export interface StoreSite {
  /** Each call opens another instance on the same data, as another process would. */
  open(): Promise<Store>;
  /** A process that opens the data and hands the store and `first` to `applyForEver`; its standard output is a pipe. */
  spawnApplier(first: number): ChildProcess;
  /** All instances are closed by then. */
  remove(): Promise<void>;
}

/** What a driver may be without, if it says why. */
export type Capability = 'prune' | 'cursor_too_old' | 'second_instance' | 'crash';

export interface StoreFactory {
  /** Empty, keeping posts for RETENTION_DAYS. */
  create(): Promise<StoreSite>;
  /** The reason by what is lacking. */
  lacks?: Partial<Record<Capability, string>>;
}

export const RETENTION_DAYS = 7;

/** What a test is given. */
export interface StorageContext {
  /** Shared by the tests of a group: look only at posts of `host`. */
  store: Store;
  /** A host that no other test uses. */
  host: string;
  /** A post of `host` with a local id of its own. */
  post: (fields?: PostFields) => Post;
  /** Data for this test alone. */
  fresh: () => Promise<StoreSite>;
}

export interface ContractTest {
  needs?: Capability;
  run: (context: StorageContext) => Promise<void>;
}

/** Tests by what they show. */
export type ContractTests = Record<string, ContractTest['run'] | ContractTest>;

let hosts = 0;

export function testContext(store: Store, fresh: () => Promise<StoreSite>): StorageContext {
  const host = `h${++hosts}.example`;
  let posts = 0;
  const post = ({ hub, ...fields }: PostFields = {}) =>
    aPost({ ...fields, hub: { source: host, local_id: String(++posts), ...hub } });
  return { store, host, post, fresh };
}
