import { setImmediate } from 'node:timers/promises';
import { Controller, Inject, Logger } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { decodeEvent, InvalidEventError } from '@hub/contracts/proto';
import type { Delivery, Rejection } from '@hub/messaging';
import { HandlesPostEvents } from '@hub/messaging/nest';
import { STORE, type Change, type ChangeApplier, type Outcome } from '@hub/storage';
import { processEvent, type Processed } from '../process-event.ts';
import { ProcessingMetrics } from './metrics.ts';
import { PROCESSING_OPTIONS, type ProcessingOptions } from './options.ts';

/** After this many milliseconds of work in a row a part lets others have a turn at the process. */
const TURN = 8;

/** Events that are stored together: while the store writes them, the next ones are made ready. */
const PART = 128;
/** Parts that wait for the store at most: it takes all that wait in one transaction, and large ones cost least a post. */
const STORING = 8;

interface PartWork {
  changes: Change[];
  /** When each change was observed, milliseconds since 1970. */
  observed: number[];
  rejections: Rejection[];
}

/** Turns batches of the log into changes of the store: one `apply` after the other, in the order of the log. */
@Controller()
export class EventsController {
  readonly #logger = new Logger(EventsController.name);

  constructor(
    @Inject(STORE) private readonly changes: ChangeApplier,
    @Inject(PROCESSING_OPTIONS) private readonly options: ProcessingOptions,
    private readonly metrics: ProcessingMetrics,
  ) {}

  @HandlesPostEvents()
  async handle(@Payload() batch: readonly Delivery[]): Promise<readonly Rejection[]> {
    const end = this.metrics.batches.startTimer();
    const rejections: Rejection[] = [];
    const storing: Promise<void>[] = [];
    try {
      for (let from = 0; from < batch.length; from += PART) {
        const work = await this.process(batch.slice(from, from + PART));
        rejections.push(...work.rejections);
        if (storing.length >= STORING) await storing.shift();
        const stored = this.store(work);
        // Awaited when others have been made ready.
        stored.catch(() => undefined);
        storing.push(stored);
      }
      await Promise.all(storing);
    } finally {
      // What failed is done again as a whole: nothing of it may still be under way then.
      await Promise.allSettled(storing);
    }
    end();
    if (rejections.length > 0) this.report(rejections);
    return rejections;
  }

  private async store(work: PartWork): Promise<void> {
    if (work.changes.length === 0) return;
    // Taken out: posts that nobody can reach while the store writes them are not copied by every garbage collection.
    const outcomes = await this.changes.apply(work.changes.splice(0));
    for (const [outcome, times] of tally(outcomes)) this.metrics.outcomes.inc({ outcome }, times);
    const now = Date.now();
    for (const at of work.observed) this.metrics.stored.observe(Math.max(0, now - at) / 1000);
  }

  private async process(batch: readonly Delivery[]): Promise<PartWork> {
    const work: PartWork = { changes: [], observed: [], rejections: [] };
    let turn = performance.now();
    for (const delivery of batch) {
      this.processOne(delivery, work);
      if (performance.now() - turn < TURN) continue;
      await setImmediate();
      turn = performance.now();
    }
    return work;
  }

  private processOne(delivery: Delivery, work: PartWork): void {
    try {
      const decoded = decodeEvent(delivery, delivery.sequence);
      const event = { ...decoded, observedAt: decoded.observedAt ?? delivery.publishedAt };
      this.collect(processEvent(event, this.options.consent, this.options.excluded), event.observedAt, work);
    } catch (error) {
      if (!(error instanceof InvalidEventError)) throw error;
      work.rejections.push({ delivery, reason: error.code, detail: error.message });
    }
  }

  private collect(processed: Processed, observedAt: Date, work: PartWork): void {
    if (processed.kind === 'refused') {
      this.metrics.refused.inc({ reason: processed.reason });
      return;
    }
    work.changes.push(processed.change);
    work.observed.push(observedAt.getTime());
  }

  private report(rejections: readonly Rejection[]): void {
    this.metrics.invalid.inc(rejections.length);
    const [first] = rejections;
    this.#logger.warn(
      `${rejections.length} events could not be processed and become dead letters; ` +
        `the first, at ${first?.delivery.origin}: ${first?.detail}`,
    );
  }
}

function tally(outcomes: readonly Outcome[]): Map<Outcome, number> {
  const times = new Map<Outcome, number>();
  for (const outcome of outcomes) times.set(outcome, (times.get(outcome) ?? 0) + 1);
  return times;
}
