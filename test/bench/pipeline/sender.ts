import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface SenderData {
  /** The producer's, on loopback. */
  port: number;
  /** Of which the posts are made. */
  statuses: readonly Record<string, unknown>[];
}

export type Order =
  | { kind: 'prepare'; run: string; count: number }
  | { kind: 'send all' }
  | { kind: 'send evenly'; run: string; rate: number; count: number };

/** URI and time of each post that was sent evenly: milliseconds since 1970. */
export type Report = [string, number][];

/** The client of the pipeline, in a thread of its own: what it costs is not the pipeline's. */
export class Sender {
  readonly #worker: Worker;

  constructor(data: SenderData) {
    this.#worker = new Worker(new URL('./sender.worker.js', import.meta.url), { workerData: data });
  }

  /** Resolves when it is carried out; one at a time. */
  async obey(order: Order): Promise<Report> {
    this.#worker.postMessage(order);
    const [report] = (await once(this.#worker, 'message')) as [Report];
    return report;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.terminate();
  }
}
