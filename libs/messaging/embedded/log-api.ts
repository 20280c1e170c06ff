/** Envelopes that are appended as one row, encoded by `encodeSegment`. */
export interface NewSegment {
  count: number;
  body: Uint8Array;
}

/** Where a segment is in its topic. */
export interface Place {
  /** Offset of its first message; the others follow without a gap. */
  first: number;
  /** Milliseconds since 1970. */
  publishedAt: number;
}

export interface StoredSegment extends NewSegment, Place {}

/** The right to consume for a group. Whoever acquires it next gets a higher epoch, and this one can commit no more. */
export interface Lease {
  epoch: number;
  /** Offset of the first message that the group has not consumed. */
  position: number;
}

export interface Expired {
  topic: string;
  /** Messages that were removed unconsumed. */
  messages: number;
}

/** A group of a topic, as arguments. */
export type Member = readonly [topic: string, group: string];

/** What the worker thread does with the log file. Offsets count a topic's messages from 0. */
export interface LogApi {
  /** Returns where each segment is now. */
  append(topic: string, segments: readonly NewSegment[]): Place[];
  /** Segments from the one that holds `from` on, until either bound is reached; at least one if there is any. */
  fetch(topic: string, from: number, maxMessages: number, maxBytes: number): StoredSegment[];
  /** Makes the group known: from now on the topic keeps what it has not consumed. */
  register(...member: Member): void;
  /** Nothing while another holds the lease. */
  acquire(topic: string, group: string, ttlMs: number): Lease | undefined;
  /** False if the lease was lost. */
  renew(topic: string, group: string, epoch: number, ttlMs: number): boolean;
  /** Moves the group's position and removes what every group has consumed. False if the lease was lost. */
  commit(topic: string, group: string, epoch: number, position: number): boolean;
  release(topic: string, group: string, epoch: number): void;
  lag(...member: Member): number;
  count(topic: string): number;
  /** Removes some of what was published before `time` (milliseconds since 1970), oldest first; nothing when all is gone. */
  expire(time: number): Expired[];
  /**
   * Has removed data overwritten in the file, and empties the write-ahead log, where copies of it are; while messages
   * are appended from one call to the next, only every 10 seconds.
   */
  tidy(): void;
}

/** The worker's notice that another process has written to the log. */
export const OTHERS_WROTE = 'others wrote';
