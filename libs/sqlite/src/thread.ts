import { Worker } from 'node:worker_threads';
import { HubError } from '@hub/contracts';
import { unpackError } from './errors.ts';
import type { Answer, Notice, Request } from './protocol.ts';

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
  done: Promise<unknown>;
}

/** The functions of a worker as the main thread calls them. */
export type Remote<Api> = {
  [Name in keyof Api]: Api[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/**
 * A worker thread that owns a database file, so that no statement blocks the event loop. Calls run in the order in
 * which they were made. When the thread has ended unasked, all calls reject with what is not retryable.
 */
export class DatabaseThread<Api> {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private failure: Error | undefined;
  private closing: Promise<void> | undefined;
  private readonly ready: Promise<void>;

  /**
   * @param module the worker's file without its extension, relative to `base` (an import.meta.url): ends in `.worker`
   * @param onNotice what the worker says unasked
   */
  constructor(
    module: string,
    base: string,
    workerData: unknown,
    onNotice: (notice: unknown) => void = () => undefined,
  ) {
    const extension = base.endsWith('.ts') ? '.ts' : '.js';
    this.worker = new Worker(new URL(module + extension, base), { workerData });
    this.worker.on('message', (word: Answer | Notice) =>
      'notice' in word ? onNotice(word.notice) : this.settle(word),
    );
    this.worker.on('error', (error) => this.fail(error));
    // Not retryable: it does not come back.
    this.worker.on('exit', () => this.fail(new HubError('internal', 'the database thread has ended')));
    this.ready = this.call('open', []).then(() => undefined);
    // Whoever awaits `opened` gets the error; nobody has to.
    this.ready.catch(() => undefined);
  }

  /** Resolves when the worker has opened its database; rejects with the reason why it could not. */
  opened(): Promise<void> {
    return this.ready;
  }

  /** The worker's functions. */
  readonly remote: Remote<Api> = new Proxy({} as Remote<Api>, {
    get:
      (_, method: string) =>
      (...args: unknown[]) =>
        this.call(method, args),
  });

  /** Waits for the calls that were made, then closes the file. */
  async close(): Promise<void> {
    this.closing ??= this.shutDown();
    await this.closing;
  }

  private async shutDown(): Promise<void> {
    const isOpen = await this.ready.then(
      () => true,
      () => false,
    );
    while (this.waiting.size > 0) await Promise.allSettled([...this.waiting.values()].map(({ done }) => done));
    // Nothing is under way now, and nothing comes after this call.
    const closed = isOpen && this.failure === undefined ? this.call('close', []) : undefined;
    this.failure ??= new HubError('shutting_down', 'the database is closed');
    await closed;
    await this.worker.terminate();
  }

  private call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const id = ++this.lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.waiting.set(id, { resolve, reject, done: promise });
    this.worker.postMessage({ id, method, args } satisfies Request);
    return promise;
  }

  private settle(reply: Answer): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.ok) waiting?.resolve(reply.result);
    else waiting?.reject(unpackError(reply.error));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
