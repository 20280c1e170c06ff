import {
  Controller,
  Get,
  Headers,
  Inject,
  Logger,
  Query,
  Res,
  UseGuards,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import type { Cursor, Filter } from '@hub/contracts';
import type { Response } from 'express';
import { AccessGuard, Asking } from '../access/access.guard.ts';
import { Access } from '../access/access.ts';
import type { Client } from '../access/client.ts';
import { narrowFilter } from '../access/narrow-filter.ts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { Feed } from '../feed/feed.ts';
import { SlowClientError } from '../feed/slow-client.error.ts';
import { Subscription } from '../feed/subscription.ts';
import { DeliveryMetrics } from '../metrics.ts';
import { subscribeSchema } from '../requests.ts';
import { isUnexpected, toWireError, wireError } from '../wire-error.ts';
import { splitQuery, type Query as UrlQuery } from './query.ts';
import { SseSink } from './sse-sink.ts';

const HEARTBEAT_MS = 15_000;

/** The feed as server-sent events. */
@Controller('api/v1')
@UseGuards(AccessGuard)
export class FeedController implements BeforeApplicationShutdown {
  readonly #logger = new Logger(FeedController.name);
  /** Ends each open stream, telling its reader where to go on. */
  readonly #farewells = new Set<() => void>();

  constructor(
    private readonly feed: Feed,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
    private readonly metrics: DeliveryMetrics,
    private readonly access: Access,
  ) {}

  /** The filter's fields as parameters; goes on after the `Last-Event-ID` header, or else after `cursor`. */
  @Get('feed')
  async stream(
    @Query() query: UrlQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Asking() client: Client,
    @Res() response: Response,
  ): Promise<void> {
    const position = lastEventId ? { cursor: lastEventId } : {};
    const { filter = {}, cursor } = subscribeSchema.parse({ ...splitQuery(query, ['cursor']), ...position });
    const narrowed = narrowFilter(client.filter, filter);
    const sink = new SseSink(response, this.options.stallTimeoutMs);
    const stop = new AbortController();
    const leave = this.access.enter(client, (error) => this.#fail(error, response, sink));
    const heartbeat = setInterval(() => sink.beat(), HEARTBEAT_MS);
    response.once('close', () => stop.abort());
    this.metrics.clients.inc({ transport: 'sse' });
    sink.open();
    try {
      await this.#run(narrowed, cursor, sink, stop);
    } catch (error) {
      this.#fail(error, response, sink);
    } finally {
      clearInterval(heartbeat);
      leave();
      stop.abort();
      this.metrics.clients.dec({ transport: 'sse' });
    }
  }

  beforeApplicationShutdown(): void {
    for (const farewell of this.#farewells) farewell();
  }

  async #run(
    filter: Filter | undefined,
    from: Cursor | undefined,
    sink: SseSink,
    stop: AbortController,
  ): Promise<void> {
    const reader = await this.feed.reader(from, stop.signal);
    reader.onWaiting = (ahead) => sink.wait(ahead);
    const subscription = new Subscription(reader, filter, this.metrics);
    const farewell = () => {
      stop.abort();
      const error = wireError('shutting_down', 'This hub is shutting down: come back with the cursor.');
      sink.end({ ...error, cursor: subscription.cursor });
    };
    this.#farewells.add(farewell);
    try {
      await subscription.run(sink, this.options.frameIntervalMs, stop.signal);
    } finally {
      this.#farewells.delete(farewell);
    }
  }

  #fail(error: unknown, response: Response, sink: SseSink): void {
    if (isUnexpected(error)) this.#logger.error(error);
    if (error instanceof SlowClientError) {
      this.metrics.slowDisconnects.inc({ transport: sink.transport });
      response.destroy();
    } else sink.end(toWireError(error));
  }
}
