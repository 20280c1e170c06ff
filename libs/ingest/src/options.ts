import { SYSTEM_CLOCK, type Clock } from './clock.ts';
import type { ConsentMode, Excluder } from '@hub/policy';

/** As Mastodon names its public streams. */
export type StreamName = 'public' | 'public:local' | 'public:remote' | `hashtag:${string}`;

export interface SourceOptions {
  /** Origin of the server, like https://mastodon.social. */
  server: string;
  /** A user's token; most servers ask for one. */
  accessToken?: string;
  stream: StreamName;
}

export interface IngestOptions {
  sources: readonly SourceOptions[];
  /** host:port of the producer's gRPC services. */
  producerAddress: string;
  consent: ConsentMode;
  /** Whom the operator leaves out besides. */
  excluded?: Excluder;
  /** Bytes of events that may wait for the producer; then the sockets are read no further. */
  queueBytes?: number;
  /** How long a stopping reader goes on sending what it has read. */
  drainMs?: number;
  /** The time to live in; the machine's unless a test makes it run faster. */
  clock?: Clock;
}

export const DEFAULTS = { queueBytes: 8 * 1024 * 1024, drainMs: 5000, clock: SYSTEM_CLOCK };

export const INGEST_OPTIONS = Symbol('IngestOptions');
