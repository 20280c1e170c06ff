import type { Filter } from '@hub/contracts';
import type { NamedPost, ObservedPost, Outcome, StoreCounts } from '@hub/storage';
import type { ChangesRead, Ends } from './feed-reader.ts';
import type { PageBounds, StoredPage } from './post-reader.ts';
import type { Pruned } from './pruner.ts';
import type { ChangeRow } from './stored-form.ts';

/** What a thread of a store is told at its start. */
export interface StoreThreadOptions {
  path: string;
  role: 'writer' | 'reader';
}

/** The writer's thread. */
export type WriterApi = {
  apply(changes: readonly ChangeRow[]): Outcome[];
  setCheckpoint(name: string, value: string): void;
  prune(now: number, retention: number): Pruned;
  /** Empties the write-ahead log, in which erased words are still to be read. */
  flushLog(): void;
};

/** A reader's thread. */
export type ReaderApi = {
  storeId(): string;
  ends(): Ends;
  /** The changes after a position; from then on the thread tells of commits, those of other processes too. */
  changes(after: number): ChangesRead;
  get(id: string): string | undefined;
  page(filter: Filter, bounds: PageBounds, limit: number): StoredPage;
  observed(source: string, limit: number): ObservedPost[];
  named(source: string, localId: string): NamedPost | undefined;
  checkpoint(name: string): string | undefined;
  gaps(limit: number): string[];
  counts(): StoreCounts;
};
