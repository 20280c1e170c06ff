import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

export type Transport = 'socketio' | 'sse' | 'grpc' | 'mastodon';

const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 5, 30];

/** What the gateway tells operators of its work. */
@Injectable()
export class DeliveryMetrics {
  readonly clients: Gauge<'transport'>;
  readonly events: Counter<'transport'>;
  readonly bytes: Counter<'transport'>;
  readonly frames: Counter<'transport'>;
  readonly resumes: Counter<'from'>;
  readonly slowDisconnects: Counter<'transport'>;
  readonly feedFailures: Counter;
  readonly feedLag: Histogram;
  readonly sendDelay: Histogram<'transport'>;
  readonly logBytes: Gauge;
  readonly rooms: Gauge;
  readonly lagging: Counter;
  readonly refusals: Counter<'code'>;
  readonly #registry: Registry;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = <T extends string>(name: string, help: string, labelNames: T[]) =>
      new Counter<T>({ name: `hub_delivery_${name}`, help, labelNames, registers });
    this.clients = new Gauge({
      name: 'hub_delivery_clients',
      help: 'Clients connected now.',
      labelNames: ['transport'],
      registers,
    });
    this.events = counter('events_total', 'Events handed to clients.', ['transport']);
    this.bytes = counter('sent_bytes_total', 'Bytes of frames handed to clients, before framing.', ['transport']);
    this.frames = counter('frames_total', 'Frames handed to clients.', ['transport']);
    this.resumes = counter('resumes_total', 'Subscriptions from a cursor, by where they began.', ['from']);
    this.slowDisconnects = counter('slow_disconnects_total', 'Clients that took nothing for too long.', ['transport']);
    this.feedFailures = counter('feed_failures_total', 'Failures of the watch of the store.', []);
    this.feedLag = new Histogram({
      name: 'hub_delivery_feed_lag_seconds',
      help: 'From when a post was observed to when the gateway had it; the first of each batch.',
      buckets: LATENCY_BUCKETS,
      registers,
    });
    this.sendDelay = new Histogram({
      name: 'hub_delivery_send_delay_seconds',
      help: 'From when the gateway had an event to when a live client took it; the first of each frame.',
      labelNames: ['transport'],
      buckets: LATENCY_BUCKETS,
      registers,
    });
    this.rooms = new Gauge({ name: 'hub_delivery_rooms', help: 'Distinct filters of live clients.', registers });
    this.lagging = counter('lagging_total', 'Times that a live client fell behind and was fed from the log.', []);
    this.logBytes = new Gauge({ name: 'hub_delivery_log_bytes', help: 'Memory of the shared log.', registers });
    this.refusals = counter('refusals_total', 'Requests, connections and messages refused, by code.', ['code']);
    this.#registry = registry;
  }

  /** Clients that read their past from the store, and those that wait to. */
  watchReplays(replays: { readonly inside: number; readonly waiting: number }): void {
    this.#registry.registerMetric(
      new Gauge({
        name: 'hub_delivery_replays',
        help: 'Clients that replay from the store, and that wait to.',
        labelNames: ['state'],
        registers: [],
        collect() {
          this.set({ state: 'reading' }, replays.inside);
          this.set({ state: 'waiting' }, replays.waiting);
        },
      }),
    );
  }
}
