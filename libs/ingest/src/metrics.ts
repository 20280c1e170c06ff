import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';

/** Labels of a source: its server and its stream. */
export type SourceLabel = 'source' | 'stream';

@Injectable()
export class IngestMetrics {
  readonly events: Counter<SourceLabel | 'type' | 'origin'>;
  readonly refused: Counter<SourceLabel | 'reason'>;
  readonly skipped: Counter<SourceLabel | 'reason'>;
  readonly connections: Counter<SourceLabel | 'outcome'>;
  readonly state: Gauge<SourceLabel | 'state'>;
  readonly capability: Gauge<SourceLabel | 'capability'>;
  readonly lag: Gauge<SourceLabel>;
  readonly withheld: Counter<SourceLabel>;
  readonly requests: Counter<'source' | 'outcome'>;
  readonly gaps: Counter<SourceLabel | 'reason'>;
  readonly gapsClosed: Counter<SourceLabel>;
  readonly gapsWaiting: Gauge<SourceLabel>;
  readonly gapRetries: Counter<SourceLabel | 'outcome'>;
  readonly queueBytes: Gauge;
  readonly unacknowledged: Gauge;
  readonly sendFailures: Counter;
  readonly givenUp: Counter;

  constructor(registry: Registry) {
    const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
      new Counter({ name: `hub_ingest_${name}`, help, labelNames, registers: [registry] });
    const gauge = <L extends string>(name: string, help: string, labelNames: L[]) =>
      new Gauge({ name: `hub_ingest_${name}`, help, labelNames, registers: [registry] });
    const source: SourceLabel[] = ['source', 'stream'];

    this.events = counter('events_total', 'Events read, by type and by origin (live, backfill or verify).', [
      ...source,
      'type',
      'origin',
    ]);
    this.refused = counter('refused_total', 'Posts not carried, by reason of the consent policy.', [
      ...source,
      'reason',
    ]);
    this.skipped = counter('skipped_frames_total', 'Frames passed over: malformed, of another kind, or errors.', [
      ...source,
      'reason',
    ]);
    this.connections = counter('connections_total', 'Attempts to connect to a stream, by how they ended.', [
      ...source,
      'outcome',
    ]);
    this.state = gauge('source_state', '1 for the state that a source is in.', [...source, 'state']);
    this.capability = gauge('source_capability', '1 for what can be had of a source.', [...source, 'capability']);
    this.lag = gauge('lag_seconds', 'From the creation of the last live post to its arrival.', source);
    this.withheld = counter('withheld_deletions_total', 'Deletions of what another server still shows.', source);
    this.requests = counter('requests_total', 'REST requests to a server, by outcome.', ['source', 'outcome']);
    this.gaps = counter('gaps_total', 'Spans that could not be made up for, by reason.', [...source, 'reason']);
    this.gapsClosed = counter('gaps_closed_total', 'Gaps that were made up for later.', source);
    this.gapsWaiting = gauge('gaps_waiting', 'Gaps that are tried again.', source);
    this.gapRetries = counter('gap_retries_total', 'Attempts at gaps, by outcome.', [...source, 'outcome']);
    this.queueBytes = gauge('queue_bytes', 'Events that wait for the producer.', []);
    this.unacknowledged = gauge('unacknowledged', 'Events that the producer has not acknowledged yet.', []);
    this.sendFailures = counter('send_failures_total', 'Streams that the producer did not acknowledge.', []);
    this.givenUp = counter('given_up_total', 'Events that the producer can never take.', []);
  }
}
