import type { IngestMetrics } from '../metrics.ts';
import { CAPABILITIES, type Capability, type Finding } from './capability.ts';
import type { Sighting } from './event-mapper.ts';

/**
 * connecting: on the way to an open stream. backfilling: live, and still making up for what was missed. waiting: it
 * failed and is tried again soon. refused: someone has to mend it; tried again seldom.
 */
export const STATES = ['connecting', 'live', 'backfilling', 'waiting', 'refused', 'stopped'] as const;
export type SourceState = (typeof STATES)[number];

/** What an operator may know of a source: no token, no content. Times are ISO 8601. */
export interface SourceStatus {
  /** Host of the server. */
  source: string;
  stream: string;
  state: SourceState;
  /** When it came into that state. */
  since: string;
  /** What can be had of it; in words what that means. */
  capability: Capability;
  means: string;
  /** Seen over the stream since the start of the process. */
  events: Record<Sighting['kind'], number>;
  last_event_at: string | null;
  last_error: { at: string; message: string } | null;
}

/** What happened to a source, for people and for the metrics. */
export class SourceRecord {
  readonly #labels: { source: string; stream: string };
  readonly #metrics: IngestMetrics;
  readonly #secret: string | undefined;
  readonly #events = { created: 0, edited: 0, deleted: 0 };
  #state: SourceState = 'connecting';
  #since = new Date();
  #finding: Finding = { capability: 'unknown', words: 'Not known yet.' };
  #lastEventAt: Date | undefined;
  #lastError: SourceStatus['last_error'] = null;

  /** `secret`: never to be shown, even where a server repeats it. */
  constructor(labels: { source: string; stream: string }, metrics: IngestMetrics, secret?: string) {
    this.#labels = labels;
    this.#metrics = metrics;
    this.#secret = secret;
  }

  get state(): SourceState {
    return this.#state;
  }

  enter(state: SourceState): void {
    if (state !== this.#state) this.#since = new Date();
    this.#state = state;
    for (const each of STATES) this.#metrics.state.set({ ...this.#labels, state: each }, each === state ? 1 : 0);
  }

  found(finding: Finding): void {
    this.#finding = finding;
    for (const each of CAPABILITIES)
      this.#metrics.capability.set({ ...this.#labels, capability: each }, each === finding.capability ? 1 : 0);
  }

  saw(kind: Sighting['kind']): void {
    this.#events[kind] += 1;
    this.#lastEventAt = new Date();
  }

  /** Returns the words without the secret. */
  failed(words: string): string {
    const message = this.#secret === undefined ? words : words.replaceAll(this.#secret, '***');
    this.#lastError = { at: new Date().toISOString(), message };
    return message;
  }

  /** Takes the source out of the metrics: it is not read any more. */
  forget(): void {
    for (const each of STATES) this.#metrics.state.remove({ ...this.#labels, state: each });
    for (const each of CAPABILITIES) this.#metrics.capability.remove({ ...this.#labels, capability: each });
  }

  toStatus(): SourceStatus {
    return {
      ...this.#labels,
      state: this.#state,
      since: this.#since.toISOString(),
      capability: this.#finding.capability,
      means: this.#finding.words,
      events: { ...this.#events },
      last_event_at: this.#lastEventAt?.toISOString() ?? null,
      last_error: this.#lastError,
    };
  }
}
