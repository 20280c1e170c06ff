import type { Status, Visibility } from '../entities.ts';

/** Why an account's posts may not be carried, or not by all: as its own settings and bio say. */
export type ConsentLimit = 'noindex' | 'opt_out_tag' | 'not_indexable' | 'not_discoverable';

/** A public post that exists. */
export interface TruthPost {
  /** At the simulator. */
  id: string;
  uri: string;
  /** edited_at, or created_at of a post never edited. ISO 8601. */
  version: string;
  /** user@host, or user for the simulator's own accounts. */
  author: string;
  /** Limits of the author and, for a boost, of the boosted post's author. */
  consent: ConsentLimit[];
  /** Hex SHA-256 of `spoiler_text`, a line feed and `content` of this version; of the boosted post for a boost. */
  contentHash: string;
  /** On demand. */
  status?: Status;
}

/** A post that was deleted; also boosts that went with what they boosted. */
export interface TruthDeletion {
  id: string;
  uri: string;
  visibility: Visibility;
}

/** A post that nobody but its author may see. */
export interface TruthHidden {
  id: string;
  uri: string;
  visibility: Visibility;
  /** Stands in the content of every version, and nowhere else. */
  marker: string;
  /** Put on public streams by the fault leak_nonpublic. */
  leaked: boolean;
}

/** What is so, whatever the streams said: compare with it what a reader holds. */
export interface GroundTruth {
  /** Of the last event. */
  sequence: number;
  /** Posts forgotten because the simulator keeps a limited number: if not 0, `posts` lacks the oldest ones. */
  evicted: number;
  posts: TruthPost[];
  deleted: TruthDeletion[];
  hidden: TruthHidden[];
  /** Accounts that set limits, of all that have posted. */
  consent: { author: string; limits: ConsentLimit[] }[];
}

/** Something that happened, in the order in which it did. */
export interface TruthEvent {
  /** 1, 2, 3 … */
  sequence: number;
  /** ISO 8601. */
  at: string;
  event: 'update' | 'status.update' | 'delete';
  id: string;
  uri: string;
  visibility: Visibility;
  version: string;
  /** Whether it was put on the streams: not if it is not public, or when a fault held it back. */
  streamed: boolean;
}

export interface TruthEvents {
  events: TruthEvent[];
  /** Sequence of the oldest event that is still remembered. */
  oldest: number;
}
