import type { ConnectionState, Gap, HubClientError, Post } from '@hub/client';

/** What is said in one quiet line. */
export interface Notice {
  id: number;
  text: string;
}

export interface FeedState {
  /** Shown, the newest first. */
  posts: readonly Post[];
  /** How many new ones wait. */
  waiting: number;
  /** So many new ones came that those between are not held: to see the newest is to start anew. */
  isDetached: boolean;
  isPaused: boolean;
  /** `loading`: what is shown is still that of the filter before. */
  phase: 'loading' | 'ready' | 'failed';
  connection: ConnectionState;
  notice: Notice | undefined;
  problem: HubClientError | undefined;
  older: 'more' | 'loading' | 'failed' | 'end';
  gaps: readonly Gap[];
}

export const INITIAL_STATE: FeedState = {
  posts: [],
  waiting: 0,
  isDetached: false,
  isPaused: false,
  phase: 'loading',
  connection: 'connecting',
  notice: undefined,
  problem: undefined,
  older: 'more',
  gaps: [],
};
