import { Controller, Get, Head, Headers, Inject, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { AccessGuard, Asking } from '../access/access.guard.ts';
import type { Client } from '../access/client.ts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { subscribeSchema } from '../requests.ts';
import { FeedStreams } from '../streams/feed-streams.ts';
import { splitQuery, type Query as UrlQuery } from './query.ts';
import { SseSink, STREAM_HEADERS } from './sse-sink.ts';

const HEARTBEAT_MS = 15_000;

/** The feed as server-sent events. */
@Controller('api/v1')
@UseGuards(AccessGuard)
export class FeedController {
  constructor(
    private readonly streams: FeedStreams,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  /** How a stream would begin. As a GET it would open one, and its asker wait for an end that does not come. */
  @Head('feed')
  head(@Res() response: Response): void {
    response.writeHead(200, STREAM_HEADERS).end();
  }

  /** The filter's fields as parameters; goes on after the `Last-Event-ID` header, or else after `cursor`. */
  @Get('feed')
  async stream(
    @Query() query: UrlQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Asking() client: Client,
    @Res() response: Response,
  ): Promise<void> {
    const position = lastEventId ? { cursor: lastEventId } : {};
    const { filter, cursor } = subscribeSchema.parse({ ...splitQuery(query, ['cursor']), ...position });
    const request = { ...(filter && { filter }), ...(cursor !== undefined && { cursor }) };
    const sink = new SseSink(response, this.options.stallTimeoutMs);
    const stop = new AbortController();
    const heartbeat = setInterval(() => sink.beat(), HEARTBEAT_MS);
    response.once('close', () => stop.abort());
    try {
      await this.streams.serve(client, request, sink, stop);
    } finally {
      clearInterval(heartbeat);
    }
  }
}
