import type { MessagingEvent } from '@hub/messaging';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Counter, Histogram, Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const MESSAGES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** What happens at the broker, as metrics, and in words where somebody should look. */
@Injectable()
export class MessagingMetrics {
  private readonly logger = new Logger('Messaging');
  private readonly published: Counter;
  private readonly publishSeconds: Histogram;
  private readonly batchMessages: Histogram;
  private readonly handleSeconds: Histogram;
  private readonly commitSeconds: Histogram;
  private readonly joins: Counter;
  private readonly retries: Counter;
  private readonly deadLetters: Counter<'reason'>;
  private readonly expired: Counter;

  constructor(@Inject(Registry) registry: Registry) {
    const registers = [registry];
    const histogram = (name: string, help: string, buckets: number[]) =>
      new Histogram({ name, help, buckets, registers });
    const counter = (name: string, help: string) => new Counter({ name, help, registers });
    this.published = counter('hub_messaging_published_total', 'Messages that the broker has acknowledged');
    this.publishSeconds = histogram('hub_messaging_publish_seconds', 'From publish to acknowledgement', SECONDS);
    this.batchMessages = histogram('hub_messaging_batch_messages', 'Messages in a batch that was handled', MESSAGES);
    this.handleSeconds = histogram('hub_messaging_handle_seconds', 'Time to handle a batch', SECONDS);
    this.commitSeconds = histogram('hub_messaging_commit_seconds', 'Time to commit a position', SECONDS);
    this.joins = counter(
      'hub_messaging_joins_total',
      'Times that a consumer began to read: all but the first are reconnects',
    );
    this.retries = counter('hub_messaging_retries_total', 'Deliveries or dead letters that were tried again');
    this.deadLetters = new Counter({
      name: 'hub_messaging_dead_letters_total',
      help: 'Messages that could not be processed',
      labelNames: ['reason'],
      registers,
    });
    this.expired = counter('hub_messaging_expired_total', 'Messages that nobody consumed before they were too old');
  }

  /** Bound: it is handed to drivers as a function. */
  readonly observe = (event: MessagingEvent): void => {
    switch (event.kind) {
      case 'published':
        this.published.inc(event.messages);
        return this.publishSeconds.observe(event.seconds);
      case 'handled':
        this.batchMessages.observe(event.messages);
        return this.handleSeconds.observe(event.seconds);
      case 'committed':
        return this.commitSeconds.observe(event.seconds);
      case 'retried':
        return this.retry(event.error, event.delaySeconds);
      case 'dead_lettered':
        this.deadLetters.inc({ reason: event.reason });
        return this.logger.warn(`${event.origin} is now a dead letter (${event.reason}): ${event.detail}`);
      case 'joined':
        return this.joins.inc();
      case 'fenced':
        return this.logger.warn(`Another member of the group ${event.group} has taken over; waiting for a turn.`);
      case 'expired':
        this.expired.inc(event.messages);
        return this.logger.error(
          `${event.messages} messages of ${event.topic} were too old before anybody consumed them.`,
        );
      case 'upkeep_failed':
        return this.logger.warn(`Upkeep of the log failed, it will be tried again: ${words(event.error)}`);
      case 'topic_differs':
        return this.logger.warn(`The topic ${event.topic} is not as configured: ${event.detail}.`);
    }
  };

  private retry(error: unknown, delaySeconds: number): void {
    this.retries.inc();
    this.logger.warn(`Trying again in ${delaySeconds.toFixed(1)} s: ${words(error)}`);
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
