import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { status, type sendUnaryData, type ServerReadableStream } from '@grpc/grpc-js';
import { HubError } from '@hub/contracts';
import type { Envelope } from '@hub/contracts/proto';
import { PUBLISHER, type Publisher } from '@hub/messaging';
import { statusName, toServiceError } from './grpc-status.ts';
import { PublishingMetrics } from './metrics.ts';
import { DEFAULTS, PUBLISHING_OPTIONS, type PublishingOptions } from './options.ts';
import { Outbox, sizeOf } from './outbox.ts';

type Call<M, R> = ServerReadableStream<M, R>;
type Stop = RunningStream['stop'];

/** One kind of publish stream: how its messages become envelopes, and what it answers. */
interface StreamKind<Message, Response> {
  service: string;
  toEnvelope: (message: Message) => Envelope | undefined;
  response: (count: number) => Response;
}

/** A stream being read: settled when it was answered. `stop` answers it at once with an error. */
interface RunningStream {
  answered: Promise<void>;
  stop: (error: unknown) => void;
}

/** Runs publish streams: each is acknowledged as a whole, when the broker has all of it durably. */
@Injectable()
export class PublishStreams implements BeforeApplicationShutdown {
  readonly #logger = new Logger('Publishing');
  readonly #options: PublishingOptions & typeof DEFAULTS;
  readonly #running = new Set<RunningStream>();
  readonly #publisher: Publisher;
  readonly #metrics: PublishingMetrics;
  #stopping = false;

  constructor(
    @Inject(PUBLISHER) publisher: Publisher,
    @Inject(PUBLISHING_OPTIONS) options: PublishingOptions,
    metrics: PublishingMetrics,
  ) {
    this.#publisher = publisher;
    this.#options = { ...DEFAULTS, ...options };
    this.#metrics = metrics;
  }

  /** Never rejects: every outcome is told to the client. */
  async run<M, R>(call: Call<M, R>, callback: sendUnaryData<R>, kind: StreamKind<M, R>): Promise<void> {
    const stopped = Promise.withResolvers<never>();
    const published = Promise.race([this.#publish(call, kind, stopped.reject), stopped.promise]);
    const stream = { answered: this.#answer(published, call, callback, kind), stop: stopped.reject };
    this.#running.add(stream);
    this.#metrics.streams.set(this.#running.size);
    await stream.answered;
    this.#running.delete(stream);
    this.#metrics.streams.set(this.#running.size);
  }

  /**
   * After every onModuleDestroy: a reader in the same process has flushed its queue by then. Streams that do not end
   * by the deadline are UNAVAILABLE to their clients, who send them again.
   */
  async beforeApplicationShutdown(): Promise<void> {
    this.#stopping = true;
    const timer = setTimeout(() => {
      this.#logger.warn(
        `${this.#running.size} publish streams did not end in time: their clients must send them again.`,
      );
      for (const stream of this.#running) stream.stop(shuttingDown());
    }, this.#options.drainMs);
    await Promise.all([...this.#running].map((stream) => stream.answered));
    clearTimeout(timer);
  }

  async #answer<M, R>(
    published: Promise<number>,
    call: Call<M, R>,
    callback: sendUnaryData<R>,
    { service, response }: StreamKind<M, R>,
  ): Promise<void> {
    try {
      callback(null, response(await published));
      this.#metrics.outcomes.inc({ service, status: 'OK' });
    } catch (error) {
      const answer = toServiceError(error);
      callback(answer);
      this.#metrics.outcomes.inc({ service, status: call.cancelled ? 'CANCELLED' : statusName(answer) });
      if (answer.code === status.INTERNAL && !call.cancelled) this.#logger.error(describe(error));
      call.destroy();
    }
  }

  /** Reads and publishes; resolves with the number of messages when the broker has acknowledged them all. */
  async #publish<M, R>(call: Call<M, R>, { service, toEnvelope }: StreamKind<M, R>, stop: Stop): Promise<number> {
    if (this.#stopping) throw shuttingDown();
    const outbox = new Outbox(this.#publisher, this.#options.maxStreamBytes, stop);
    let count = 0;
    // A client that goes away, or whose deadline passes, ends the stream with this event alone.
    call.once('cancelled', () => stop(new HubError('bad_request', 'The client cancelled, or its deadline passed.')));
    for await (const message of call as AsyncIterable<M>) {
      count += 1;
      this.#metrics.messages.inc({ service });
      const envelope = toEnvelope(message);
      if (envelope !== undefined) await outbox.add(this.#checked(envelope));
    }
    const end = this.#metrics.acknowledged.startTimer({ service });
    await outbox.flush();
    end();
    return count;
  }

  #checked(envelope: Envelope): Envelope {
    const size = sizeOf(envelope);
    if (size <= this.#options.maxMessageBytes) return envelope;
    throw new HubError(
      'payload_too_large',
      `A message of ${size} bytes is larger than the ${this.#options.maxMessageBytes} bytes that are taken.`,
    );
  }
}

function shuttingDown(): HubError {
  return new HubError('shutting_down', 'The producer is stopping: send the stream again.');
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
