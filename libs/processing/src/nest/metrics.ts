import { Injectable } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';

@Injectable()
export class ProcessingMetrics {
  readonly outcomes: Counter<'outcome'>;
  readonly refused: Counter<'reason'>;
  readonly invalid: Counter;
  readonly stored: Histogram;
  readonly batches: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.outcomes = new Counter({
      name: 'hub_processing_changes_total',
      help: 'Changes applied to the store, by what became of them.',
      labelNames: ['outcome'],
      registers,
    });
    this.refused = new Counter({
      name: 'hub_processing_refused_total',
      help: 'Posts that reached the log, but not the store, by reason of the consent policy.',
      labelNames: ['reason'],
      registers,
    });
    this.invalid = new Counter({
      name: 'hub_processing_invalid_total',
      help: 'Events that could not be processed and became dead letters.',
      registers,
    });
    this.stored = new Histogram({
      name: 'hub_processing_observed_to_stored_seconds',
      help: 'From the moment a reader saw an event to its being durable in the store.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300, 3600],
      registers,
    });
    this.batches = new Histogram({
      name: 'hub_processing_batch_seconds',
      help: 'From a batch of events to its changes being durable.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    });
  }
}
