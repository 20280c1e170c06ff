import {
  deadLetterTopic,
  type BatchLimits,
  type DeadLetters,
  type Observe,
  type Publisher,
  type Subscription,
  type SubscriptionOptions,
} from '@hub/messaging';
import { DatabaseThread, type Remote } from '@hub/sqlite';
import { Appender } from './appender.ts';
import { Bell } from './bell.ts';
import { Consumer } from './consumer.ts';
import { embeddedDeadLetters } from './dead-letters.ts';
import { OTHERS_WROTE, type LogApi } from './log-api.ts';
import { keepHouse } from './house-keeping.ts';
import { Tail, type Segment } from './tail.ts';

export interface EmbeddedBrokerOptions {
  /** The log file. */
  path: string;
  /** Messages that no group has consumed, and dead letters, are removed after so many days. */
  retentionDays: number;
  /** Gets what happens, for logs and metrics. */
  observe?: Observe;
}

/** A batch costs nothing to fetch here, and who works off many messages stops at the end of each: so they are large. */
const LIMITS: BatchLimits = { maxMessages: 4_000, maxBytes: 8 * 1024 * 1024 };

/** Opens the log; rejects with DataVersionError, DataCorruptError or StorageUnavailableError if it cannot be used. */
export async function openEmbeddedBroker(options: EmbeddedBrokerOptions): Promise<EmbeddedBroker> {
  const bell = new Bell();
  const thread = new DatabaseThread<LogApi>('./log.worker', import.meta.url, options.path, (notice) => {
    if (notice === OTHERS_WROTE) bell.ring();
  });
  try {
    await thread.opened();
  } catch (error) {
    await thread.close();
    throw error;
  }
  return new EmbeddedBroker(thread, bell, options);
}

/** A durable log in one SQLite file, which several processes of a machine may use at once. */
export class EmbeddedBroker {
  private readonly appenders = new Map<string, Appender>();
  /** Of the topics that are read here. */
  private readonly tails = new Map<string, Tail>();
  private readonly consumers = new Set<Consumer>();
  private readonly log: Remote<LogApi>;
  private readonly observe: Observe;
  private readonly stopHouseKeeping: () => void;

  constructor(
    private readonly thread: DatabaseThread<LogApi>,
    private readonly bell: Bell,
    private readonly options: EmbeddedBrokerOptions,
  ) {
    this.log = thread.remote;
    this.observe = options.observe ?? (() => undefined);
    this.stopHouseKeeping = keepHouse(this.log, options.retentionDays, this.observe);
  }

  publisher(topic: string): Publisher {
    const appender = this.appenderOf(topic);
    let last = Promise.resolve();
    return {
      publish(batch) {
        const published = appender.publish(batch);
        last = Promise.allSettled([last, published]).then(() => undefined);
        return published;
      },
      close: () => last,
    };
  }

  /** The group is known, and its messages are kept for it, from this call on, for good. */
  subscription(options: SubscriptionOptions): Subscription {
    const { topic } = options;
    const consumer = new Consumer(
      { ...LIMITS, ...options, observe: this.observe },
      {
        log: this.log,
        tail: this.tailOf(topic),
        path: this.options.path,
        bell: this.bell,
        deadLetters: this.appenderOf(deadLetterTopic(topic)),
      },
    );
    this.consumers.add(consumer);
    return consumer;
  }

  deadLetters(topic: string): DeadLetters {
    return embeddedDeadLetters(this.log, topic, this.options.path);
  }

  /** Ends consumers after the batch in hand, waits for what was published, and closes the file. */
  async close(): Promise<void> {
    await Promise.all([...this.consumers].map((consumer) => consumer.close()));
    this.stopHouseKeeping();
    await this.thread.close();
  }

  private appenderOf(topic: string): Appender {
    const known = this.appenders.get(topic);
    if (known !== undefined) return known;
    const appender = new Appender(topic, this.log, (segments) => this.onAppended(topic, segments), this.observe);
    this.appenders.set(topic, appender);
    return appender;
  }

  private onAppended(topic: string, segments: readonly Segment[]): void {
    const tail = this.tails.get(topic);
    for (const segment of segments) tail?.add(segment);
    this.bell.ring();
  }

  private tailOf(topic: string): Tail {
    const tail = this.tails.get(topic) ?? new Tail();
    this.tails.set(topic, tail);
    return tail;
  }
}
