import type { SimulatorClock } from './clock.ts';

export interface SimulatorOptions {
  host: string;
  /** 0: any that is free. */
  port: number;
  /** Events a second; 0: only what the admin API demands. */
  rate: number;
  /** The same seed makes the same posts in the same order. */
  seed: number;
  /** File of recorded statuses, one JSON a line, to replay instead of made-up ones. */
  corpus?: string;
  /** If set, streams and API want it, as Bearer or ?access_token=. */
  accessToken?: string;
  /** To serve https: key and certificate, PEM. */
  tls?: { key: string; cert: string };
  /** The time to live in; the machine's unless a test makes it run faster. */
  clock?: SimulatorClock;
  /** Posts that are kept; 100,000 unless told. */
  keep?: number;
}

export interface RunningSimulator {
  /** Origin, such as http://127.0.0.1:3000 */
  url: string;
  /** Requests of the API that are not answered yet; streams do not count. */
  unanswered(): number;
  close(): Promise<void>;
}
