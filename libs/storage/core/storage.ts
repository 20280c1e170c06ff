import type { Cursor, FeedEventType, Filter, Gap, Post } from '@hub/contracts';

/** Orders the versions of a post: by `at`, then by `sequence`. */
export interface Version {
  /**
   * `edited_at ?? created_at`, in milliseconds since 1970, cut to whole seconds, because servers other than the post's
   * own know no more; an edit counts one millisecond more, so that it follows a creation in the same second.
   */
  at: number;
  /** The ingest sequence of the event that carried it. */
  sequence: number;
}

/** Another post that a post embeds, and that takes this one along when it goes. */
export interface Reference {
  kind: 'boost' | 'quote';
  uri: string;
  localId: string;
}

/** A post that was created or edited. */
export interface UpsertChange {
  kind: 'upsert';
  source: string;
  localId: string;
  /** Sanitised, complete, with its id: what readers get. Search finds it by the words of its `searchableText`. */
  post: Post;
  version: Version;
  /** An observed edit, not a first sight: with an equal `version.at` it replaces what is stored if it says something else. */
  edited: boolean;
  /** Equal for two versions that say the same to a reader. Counters do not count. */
  fingerprint: string;
  references: readonly Reference[];
  /** Milliseconds since 1970: gone by then at the latest. None: kept as long as the store keeps posts. */
  expiresAt?: number;
}

/** A post that is gone, known only by its id at the source. */
export interface DeleteChange {
  kind: 'delete';
  source: string;
  localId: string;
}

/**
 * A gap to be shown. The same source, stream and `from` again is the same gap: what is told first stands, until one that
 * is closed takes its place for good, in whichever order they come.
 */
export interface GapChange {
  kind: 'gap';
  gap: Gap;
}

export type Change = UpsertChange | DeleteChange | GapChange;

/** What became of a change. Only the first four are seen on the feed. */
export type Outcome =
  | 'created'
  | 'edited'
  | 'deleted'
  | 'gap'
  /** An equal or newer version is stored already, or the same deletion or gap. */
  | 'stale'
  /** Deleted before: it stays so. */
  | 'tombstoned'
  /** A deletion of what the store does not hold: remembered, so that a late create stays out. */
  | 'buried';

/**
 * Applies changes.
 *
 * Guarantee: `apply` resolves when all effects are durable and not before; one call is atomic; applying any change
 * again, alone or with others, late or out of order, leaves the same posts and adds nothing to the feed. Within a
 * call changes apply in order. Deleting a post removes its words from documents, search and the feed's past, removes
 * boosts of it, and takes it out of posts that quote it (those become edits). A deletion outlives the post as ids only.
 */
export interface ChangeApplier {
  /**
   * Rejects with StoreUnavailableError or a HubError of code storage_full (both retryable). Then nothing was applied; or,
   * if the answer of a server was lost, perhaps all of it: applying it again is right in either case.
   */
  apply(changes: readonly Change[]): Promise<readonly Outcome[]>;
}

export interface PageRequest {
  filter: Filter;
  /** The `before` of an earlier page. Others: InvalidCursorError. */
  before?: string;
  limit: number;
  /**
   * Ids of posts between which the page lies, themselves left out. A post that is gone stands where its id says, which is
   * a second: what else is of that second lies between, too. What is no id of a post: InvalidCursorError.
   */
  olderThan?: string;
  newerThan?: string;
  /** Of what lies there the oldest, not the newest: the page that follows `newerThan`. Newest first all the same. */
  oldest?: boolean;
}

export interface Page {
  /** Newest first by `created_at`. With a keyword only what authors allow to be searched. */
  posts: Post[];
  /** Where the next older page starts; null at the end, and on a page of the oldest. */
  before: string | null;
  /** The feed's position at which the page was read. */
  cursor: Cursor;
}

export interface PostReader {
  get(id: string): Promise<Post | undefined>;
  page(request: PageRequest): Promise<Page>;
}

/** A change as the feed holds it. */
export interface FeedEntry {
  cursor: Cursor;
  type: FeedEventType;
  /** JSON of the event's `data`, encoded once. */
  json: string;
}

export interface FeedBatch {
  entries: readonly FeedEntry[];
  /** The position after the batch; past its last entry where others were passed over. */
  cursor: Cursor;
}

/**
 * The store's changes in one total order.
 *
 * Guarantee: `watch` from a cursor yields every later change, in order, each once, then goes on live; the words of a
 * deleted or expired post are not in it any more (its `delete` is), and of superseded versions a driver may leave out
 * any but the last. Cursors keep their meaning over restarts and at every process that reads the store.
 */
export interface ChangeFeed {
  /**
   * Ends when `signal` is aborted. Without `from`: from now. Reads on only when the consumer asks for more.
   * Throws CursorTooOldError if changes after `from` are gone, InvalidCursorError if it is not this store's.
   */
  watch(options: { from?: Cursor; signal: AbortSignal }): AsyncIterable<FeedBatch>;
  /** The position of now. */
  head(): Promise<Cursor>;
}

/** Small durable values by name, such as how far a source was read. */
export interface Checkpoints {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
}

/** A stored post by its id at a source, for checking whether it is still there. */
export interface ObservedPost {
  localId: string;
  uri: string;
  /** `edited_at ?? created_at` of the stored version, milliseconds since 1970. */
  at: number;
}

/** A stored post and what the sources that have shown it call it. */
export interface NamedPost {
  uri: string;
  /** Of each source that has shown the post itself, in no order; that others embed it does not count. */
  names: readonly { source: string; localId: string }[];
}

export interface SourceIndex {
  /** The posts last stored from a source, newest first. */
  observed(source: string, limit: number): Promise<readonly ObservedPost[]>;
  /** The stored post that a source calls so; undefined: none. */
  named(source: string, localId: string): Promise<NamedPost | undefined>;
}

export interface StoreCounts {
  posts: number;
  /** Changes that the feed can still replay. */
  feed: number;
  tombstones: number;
  gaps: number;
}

export interface Store extends ChangeApplier, PostReader, ChangeFeed, SourceIndex {
  readonly checkpoints: Checkpoints;
  /** The newest gaps first, closed ones included. */
  gaps(limit: number): Promise<readonly Gap[]>;
  counts(): Promise<StoreCounts>;
  /** Removes what is past its time; runs by itself too. Returns how many posts went. */
  prune(now: Date): Promise<number>;
  close(): Promise<void>;
}

/** Injection token; the runtime binds it to the driver that the configuration chose. */
export const STORE = Symbol('Store');
