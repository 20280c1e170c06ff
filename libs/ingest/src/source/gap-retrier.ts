import { Logger } from '@nestjs/common';
import type { Checkpoints } from '@hub/storage';
import { backoff } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { StreamName } from '../options.ts';
import { aborted } from '../pause.ts';
import { catchUp } from './catch-up.ts';
import { GapList, type OpenGap } from './gap-list.ts';
import type { Lane } from './lane.ts';
import { ServerApiError, type ServerApi } from './server-api.ts';

const MINUTE_MS = 60_000;
const PACE = {
  /** Between attempts. */
  retry: { base: MINUTE_MS, cap: 30 * MINUTE_MS },
  /** After the end of a gap: later its posts would be news no more, and many servers do not page so far back. */
  windowMs: 24 * 60 * MINUTE_MS,
};

export interface GapRetrierParts {
  api: ServerApi;
  stream: StreamName;
  lane: Lane;
  /** Host of the server. */
  source: string;
  checkpoints: Checkpoints;
  metrics: IngestMetrics;
  clock: Clock;
}

/** Tries gaps again, with a growing pause between attempts, as long as the server may still have the posts. */
export class GapRetrier {
  readonly #logger = new Logger('Ingest');
  readonly #parts: GapRetrierParts;
  readonly #pace: typeof PACE;
  readonly #list: GapList;
  readonly #labels: { source: string; stream: string };
  #attempts = 0;
  #added = Promise.withResolvers<void>();

  constructor(parts: GapRetrierParts, pace = PACE) {
    const { source, stream, checkpoints } = parts;
    this.#parts = parts;
    this.#pace = pace;
    this.#labels = { source, stream };
    this.#list = new GapList(checkpoints, `ingest/${source}/${stream}/gaps`);
  }

  /** Rejects while the store is away. */
  async load(): Promise<void> {
    await this.#list.load();
    this.#measure();
  }

  async add(gap: OpenGap): Promise<void> {
    await this.#list.add(gap);
    this.#measure();
    this.#attempts = 0;
    this.#added.resolve();
    this.#added = Promise.withResolvers<void>();
  }

  /** Until aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isWaiting = this.#list.all.length > 0;
      const wait = backoff(this.#attempts, this.#pace.retry);
      const over = new AbortController();
      const pause = isWaiting ? this.#parts.clock.pause(wait, AbortSignal.any([signal, over.signal])) : aborted(signal);
      await Promise.race([pause, this.#added.promise]);
      over.abort();
      this.#attempts += 1;
      for (const gap of this.#list.all) if (!signal.aborted) await this.#try(gap, signal);
    }
  }

  async #try(gap: OpenGap, signal: AbortSignal): Promise<void> {
    const outcome = await this.#read(gap, signal);
    if (outcome === 'stopped') return;
    this.#parts.metrics.gapRetries.inc({ ...this.#labels, outcome });
    const isLate = this.#parts.clock.now() > gap.to + this.#pace.windowMs;
    if (outcome === 'closed') await this.#close(gap, signal);
    else if (outcome === 'not_paged' || isLate) await this.#giveUp(gap);
    else if (outcome === 'too_long') this.#attempts = 0;
  }

  async #read(gap: OpenGap, signal: AbortSignal): Promise<Outcome> {
    const { api, stream, lane, clock } = this.#parts;
    const checkpoint = {
      start: gap.start,
      filled: (id: string) => {
        gap.start = id;
      },
    };
    try {
      return await catchUp({ api, stream, lane, checkpoint, end: { before: gap.to }, clock }, signal);
    } catch (error) {
      if (!(error instanceof ServerApiError)) throw error;
      this.#logger.debug(`${describe(gap, this.#labels)} cannot be read yet: ${error.message}`);
      return signal.aborted ? 'stopped' : 'refused';
    } finally {
      await this.#list.save();
    }
  }

  async #close(gap: OpenGap, signal: AbortSignal): Promise<void> {
    const { lane, metrics, clock } = this.#parts;
    const span = { from: new Date(gap.from), to: new Date(gap.to), reason: gap.reason };
    await Promise.race([lane.emitGap({ ...span, closedAt: new Date(clock.now()) }), aborted(signal)]);
    if (signal.aborted) return;
    metrics.gapsClosed.inc(this.#labels);
    this.#logger.log(`${describe(gap, this.#labels)} was made up for.`);
    await this.#list.remove(gap);
    this.#measure();
  }

  async #giveUp(gap: OpenGap): Promise<void> {
    this.#logger.warn(`${describe(gap, this.#labels)} stays a gap: it is not tried again.`);
    await this.#list.remove(gap);
    this.#measure();
  }

  /** Its source is not read any more. */
  forget(): void {
    this.#parts.metrics.gapsWaiting.remove(this.#labels);
  }

  #measure(): void {
    this.#parts.metrics.gapsWaiting.set(this.#labels, this.#list.all.length);
  }
}

type Outcome = Awaited<ReturnType<typeof catchUp>> | 'refused';

function describe({ from, to }: OpenGap, { source, stream }: { source: string; stream: string }): string {
  return `${source} ${stream}: what was missed from ${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
}
