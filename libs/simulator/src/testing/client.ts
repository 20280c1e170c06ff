import { setTimeout as pause } from 'node:timers/promises';
import type { SimulatorStats } from '../admin/stats.ts';
import type { Fault, FaultState } from '../faults.ts';
import type { EventKind } from '../traffic/kinds.ts';
import type { GroundTruth, TruthEvent } from '../truth/truth.ts';

/** Steers a running simulator over its admin API. */
export class SimulatorClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  emit(kind: EventKind, status: Record<string, unknown> = {}, count = 1): Promise<TruthEvent[]> {
    return this.ask('POST', 'emit', { kind, count, status });
  }

  fault(fault: Fault & { on?: boolean }): Promise<FaultState[]> {
    return this.ask('POST', 'faults', fault);
  }

  truth(): Promise<GroundTruth> {
    return this.ask('GET', 'truth');
  }

  stats(): Promise<SimulatorStats> {
    return this.ask('GET', 'stats');
  }

  /** Resolves when somebody listens to a stream: subscribing has no answer in Mastodon's protocol. */
  async listenedTo(stream: string, listeners = 1): Promise<void> {
    for (let tries = 0; tries < 500; tries += 1) {
      const { subscriptions } = await this.stats();
      if ((subscriptions[stream] ?? 0) === listeners) return;
      await pause(10);
    }
    throw new Error(`nobody came to listen to ${stream}`);
  }

  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const init = { method, headers: { 'content-type': 'application/json' } };
    const response = await fetch(
      `${this.url}/simulator/${path}`,
      body === undefined ? init : { ...init, body: JSON.stringify(body) },
    );
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}
