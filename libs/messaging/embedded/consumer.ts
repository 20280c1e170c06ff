import {
  isRetryable,
  retrying,
  settle,
  type BatchHandler,
  type ConsumerOptions,
  type Publisher,
  type Subscription,
} from '@hub/messaging';
import type { Remote } from '@hub/sqlite';
import type { Bell } from './bell.ts';
import type { Lease, LogApi } from './log-api.ts';
import { Reader } from './reader.ts';
import { decodeSegment } from './segment.ts';
import type { Segment, Tail } from './tail.ts';

/** How long a group stays without a consumer after one was killed, at most. */
const LEASE_MS = 2_000;
const RENEW_EVERY_MS = LEASE_MS / 4;

/** What a consumer needs of its broker. */
export interface ConsumerParts {
  log: Remote<LogApi>;
  tail: Tail;
  /** Names the log in errors. */
  path: string;
  /** Rings when something was written. */
  bell: Bell;
  deadLetters: Pick<Publisher, 'publish'>;
}

/** A member of a group: waits for the group's lease, then reads, hands over and commits until it ends or loses it. */
export class Consumer implements Subscription {
  private readonly closed = new AbortController();
  private readonly registered: Promise<void>;
  private running: Promise<void> | undefined;

  constructor(
    private readonly options: ConsumerOptions,
    private readonly parts: ConsumerParts,
  ) {
    this.registered = parts.log.register(options.topic, options.group);
    // consume() tries again and gets the error.
    this.registered.catch(() => undefined);
  }

  async consume(handler: BatchHandler, { signal }: { signal: AbortSignal }): Promise<void> {
    if (this.running !== undefined) throw new Error('this subscription is being consumed already');
    this.running = this.run(handler, AbortSignal.any([signal, this.closed.signal]));
    try {
      await this.running;
    } finally {
      this.running = undefined;
    }
  }

  async lag(): Promise<number> {
    return this.parts.log.lag(this.options.topic, this.options.group);
  }

  async close(): Promise<void> {
    this.closed.abort();
    await Promise.allSettled([this.running, this.registered]);
  }

  private async run(handler: BatchHandler, signal: AbortSignal): Promise<void> {
    const { topic, group } = this.options;
    const wake = () => this.parts.bell.ring();
    signal.addEventListener('abort', wake);
    try {
      await this.stubbornly(signal, () => this.parts.log.register(topic, group));
      while (!signal.aborted) {
        const lease = await this.acquire(signal);
        if (lease !== undefined) await this.holding(lease, handler, signal);
      }
    } catch (error) {
      // A failure that a retry would mend, but the end was asked for.
      if (!(signal.aborted && isRetryable(error))) throw error;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** Nothing if the signal was aborted. */
  private async acquire(signal: AbortSignal): Promise<Lease | undefined> {
    const { topic, group } = this.options;
    const { log, bell } = this.parts;
    while (!signal.aborted) {
      const rung = bell.next();
      const lease = await this.stubbornly(signal, () => log.acquire(topic, group, LEASE_MS));
      if (lease !== undefined) return lease;
      // A release rings; that a lease ran out does not.
      const timer = setTimeout(() => bell.ring(), RENEW_EVERY_MS);
      await rung;
      clearTimeout(timer);
    }
    return undefined;
  }

  private async holding(lease: Lease, handler: BatchHandler, signal: AbortSignal): Promise<void> {
    const { topic, group, observe } = this.options;
    const { bell } = this.parts;
    const fenced = new AbortController();
    const whileHeld = AbortSignal.any([signal, fenced.signal]);
    const onFenced = () => {
      if (fenced.signal.aborted) return;
      fenced.abort();
      bell.ring();
      observe({ kind: 'fenced', topic, group });
    };
    const renewal = setInterval(() => void this.renew(lease, onFenced), RENEW_EVERY_MS);
    observe({ kind: 'joined', topic, group });
    try {
      await this.pass(lease, handler, whileHeld, onFenced);
    } finally {
      clearInterval(renewal);
      if (!fenced.signal.aborted) await this.release(lease);
      bell.ring();
    }
  }

  private async release(lease: Lease): Promise<void> {
    const { topic, group } = this.options;
    try {
      await this.parts.log.release(topic, group, lease.epoch);
    } catch (error) {
      // It runs out by itself.
      this.reportRetry(error, 1, LEASE_MS);
    }
  }

  private async renew(lease: Lease, onFenced: () => void): Promise<void> {
    const { topic, group } = this.options;
    try {
      if (!(await this.parts.log.renew(topic, group, lease.epoch, LEASE_MS))) onFenced();
    } catch (error) {
      this.reportRetry(error, 1, RENEW_EVERY_MS);
    }
  }

  /** Batch after batch; the position follows while the next batch is handled. */
  private async pass(lease: Lease, handler: BatchHandler, signal: AbortSignal, onFenced: () => void): Promise<void> {
    const { topic } = this.options;
    const { bell, deadLetters } = this.parts;
    const fetch = (from: number) => this.fetch(from, signal);
    const reader = new Reader({ topic, from: lease.position, limits: this.options, fetch, bell, signal });
    const bury = deadLetters.publish.bind(deadLetters);
    let committed = Promise.resolve();
    try {
      for (let settled = 0, batch = await reader.take(); batch.length > 0; batch = await reader.take()) {
        settled = await settle(batch, { ...this.options, handler, bury, signal });
        await committed;
        const last = batch[settled - 1];
        if (last === undefined) break;
        committed = this.commit(lease, last.sequence + 1, settled, signal, onFenced);
        // Awaited after the next batch.
        committed.catch(() => undefined);
        if (settled < batch.length) break;
      }
    } finally {
      await committed;
    }
  }

  private async fetch(from: number, signal: AbortSignal): Promise<Segment[]> {
    const { topic, maxMessages, maxBytes } = this.options;
    const { log, tail, path } = this.parts;
    const recent = tail.from(from, this.options);
    if (recent !== undefined) return recent;
    const stored = await this.stubbornly(signal, () => log.fetch(topic, from, maxMessages, maxBytes));
    return stored.map(({ first, publishedAt, body }) => {
      return { first, publishedAt, envelopes: decodeSegment(body, path) };
    });
  }

  private async commit(lease: Lease, position: number, messages: number, signal: AbortSignal, onFenced: () => void) {
    const { topic, group, observe } = this.options;
    const started = performance.now();
    const held = await this.stubbornly(signal, () => this.parts.log.commit(topic, group, lease.epoch, position));
    if (held) observe({ kind: 'committed', topic, group, messages, seconds: (performance.now() - started) / 1000 });
    else onFenced();
  }

  private stubbornly<T>(signal: AbortSignal, action: () => Promise<T>): Promise<T> {
    return retrying(action, {
      signal,
      ...(this.options.backoff !== undefined && { backoff: this.options.backoff }),
      onRetry: (error, failures, delayMs) => this.reportRetry(error, failures, delayMs),
    });
  }

  private reportRetry(error: unknown, failures: number, delayMs: number): void {
    const { topic, group, observe } = this.options;
    observe({ kind: 'retried', topic, group, error, failures, delaySeconds: delayMs / 1000 });
  }
}
