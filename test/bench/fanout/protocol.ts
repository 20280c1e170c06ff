/** `hub` is the gateway with stock Socket.IO clients, `hub-sdk` with clients that ask for compressed frames as the SDK does. */
export const KINDS = ['hub', 'hub-sdk', 'socket.io', 'ws'] as const;
export type Kind = (typeof KINDS)[number];

/** So many clients connect before memory is measured: what their server has compiled and set up for them is not asked. */
export const WARM_UP = 100;

/** `open`: the rest of the clients. */
export type ClientQuestion = { ask: 'open' } | { ask: 'report' };

export type ServerQuestion = { ask: 'memory' } | { ask: 'run'; rate: number; seconds: number };

/** What a server takes after a collection of garbage. */
export interface MemoryReport {
  /** Resident: with the room that garbage had. */
  bytes: number;
  /** Of V8's heap, in use. */
  heapBytes: number;
}

/** What a server used from the first post until its clients had all of them. */
export interface ServerReport {
  posts: number;
  cpuMicroseconds: number;
  /** The most that was resident, in bytes. */
  peakBytes: number;
}

export interface ClientReport {
  /** Of one client that reads the content. */
  posts: number;
  latenciesMs: number[];
  /** Of the content of all posts, in order. */
  digest: string;
  /** Over all clients that read, with framing. */
  bytes: number;
  readers: number;
  /** Of the client that got least and of the one that got most. */
  leastBytes: number;
  mostBytes: number;
}
