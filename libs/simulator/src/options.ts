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
}

export interface RunningSimulator {
  /** Origin, such as http://127.0.0.1:3000 */
  url: string;
  close(): Promise<void>;
}
