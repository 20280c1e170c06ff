import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Filter, SubscribeRequest, WireError } from '@hub/contracts';
import { Access } from '../access/access.ts';
import type { Client } from '../access/client.ts';
import { narrowFilter } from '../access/narrow-filter.ts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { Feed } from '../feed/feed.ts';
import { SlowClientError } from '../feed/slow-client.error.ts';
import { Subscription, type Sink } from '../feed/subscription.ts';
import { DeliveryMetrics } from '../metrics.ts';
import { isUnexpected, toWireError, wireError } from '../wire-error.ts';
import { Drain } from './drain.ts';

/** A connection that carries one subscription and nothing else. */
export interface StreamSink extends Sink {
  /** It has been let in: the first words may go out. */
  open(): void;
  /** Its past will be read when so many before it have read theirs. */
  wait(ahead: number): void;
  /** The last words; then the connection is closed. */
  end(error: WireError): void;
  /** Closes the connection of who does not take even that. */
  cut(): void;
}

/** Serves the feed to whatever takes it as one stream: server-sent events, gRPC. */
@Injectable()
export class FeedStreams {
  readonly #logger = new Logger(FeedStreams.name);

  constructor(
    private readonly feed: Feed,
    private readonly access: Access,
    private readonly drain: Drain,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
    private readonly metrics: DeliveryMetrics,
  ) {}

  /**
   * Runs until `stop` is aborted, by whoever knows that the connection is gone. Throws what keeps a client out, before
   * the sink is opened; what goes wrong later is the sink's last word.
   */
  async serve(client: Client, request: SubscribeRequest, sink: StreamSink, stop: AbortController): Promise<void> {
    const filter = narrowFilter(client.filter, request.filter ?? {});
    this.drain.check();
    const leave = this.access.enter(client, (error) => sink.end(toWireError(error)));
    const { transport } = sink;
    this.metrics.clients.inc({ transport });
    try {
      await this.#run(filter, request.cursor, sink, stop);
    } catch (error) {
      this.#fail(error, sink);
    } finally {
      leave();
      stop.abort();
      this.metrics.clients.dec({ transport });
    }
  }

  async #run(filter: Filter, from: string | undefined, sink: StreamSink, stop: AbortController): Promise<void> {
    // Who has been let in gets all that is stored from then on: the position is known before.
    const reader = await this.feed.reader(from, stop.signal).finally(() => sink.open());
    reader.onWaiting = (ahead) => sink.wait(ahead);
    const subscription = new Subscription(reader, filter, this.metrics);
    const shutDown = () => {
      stop.abort();
      const error = wireError('shutting_down', 'This hub is shutting down: come back with the cursor.');
      sink.end({ ...error, cursor: subscription.cursor });
    };
    const drained = { shutDown };
    this.drain.add(drained);
    try {
      await subscription.run(sink, this.options.frameIntervalMs, stop.signal);
    } finally {
      this.drain.delete(drained);
    }
  }

  #fail(error: unknown, sink: StreamSink): void {
    if (isUnexpected(error)) this.#logger.error(error);
    if (!(error instanceof SlowClientError)) return sink.end(toWireError(error));
    this.metrics.slowDisconnects.inc({ transport: sink.transport });
    sink.cut();
  }
}
