import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

@Injectable()
export class PublishingMetrics {
  readonly messages: Counter<'service'>;
  readonly refused: Counter<'reason'>;
  readonly unreadable: Counter;
  readonly streams: Gauge;
  readonly outcomes: Counter<'service' | 'status'>;
  readonly acknowledged: Histogram<'service'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.messages = new Counter({
      name: 'hub_publishing_messages_total',
      help: 'Messages received over gRPC, refused ones included.',
      labelNames: ['service'],
      registers,
    });
    this.refused = new Counter({
      name: 'hub_publishing_refused_total',
      help: 'Posts that never reached the log, by reason of the consent policy.',
      labelNames: ['reason'],
      registers,
    });
    this.unreadable = new Counter({
      name: 'hub_publishing_unreadable_total',
      help: 'Messages that are no event; they go on and become dead letters.',
      registers,
    });
    this.streams = new Gauge({ name: 'hub_publishing_streams', help: 'Publish streams open now.', registers });
    this.outcomes = new Counter({
      name: 'hub_publishing_streams_total',
      help: 'Publish streams that ended, by gRPC status.',
      labelNames: ['service', 'status'],
      registers,
    });
    this.acknowledged = new Histogram({
      name: 'hub_publishing_acknowledge_seconds',
      help: 'From the last message of a stream to its acknowledgement.',
      labelNames: ['service'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30],
      registers,
    });
  }
}
