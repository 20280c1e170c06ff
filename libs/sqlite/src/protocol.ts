import type { TransferredError } from './errors.ts';

/** Main thread → worker. The methods `open` and `close` are the thread's own. */
export interface Request {
  id: number;
  method: string;
  args: readonly unknown[];
}

/** Worker → main thread: the answer to the request of that id. */
export type Answer = { id: number; ok: true; result: unknown } | { id: number; ok: false; error: TransferredError };

/** Worker → main thread: word of its own. */
export interface Notice {
  notice: unknown;
}
