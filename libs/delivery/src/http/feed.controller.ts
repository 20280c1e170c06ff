import { Controller, Get, Headers, Inject, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { AccessGuard, Asking } from '../access/access.guard.ts';
import type { Client } from '../access/client.ts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { subscribeSchema } from '../requests.ts';
import { EventStreams } from './event-streams.ts';
import { splitQuery, type Query as UrlQuery } from './query.ts';
import { SseSink } from './sse-sink.ts';

/** The feed as server-sent events. */
@Controller('api/v1')
@UseGuards(AccessGuard)
export class FeedController {
  constructor(
    private readonly streams: EventStreams,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
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
    const { filter, cursor } = subscribeSchema.parse({ ...splitQuery(query, ['cursor']), ...position });
    const request = { ...(filter && { filter }), ...(cursor !== undefined && { cursor }) };
    await this.streams.serve(client, request, new SseSink(response, this.options.stallTimeoutMs), response);
  }
}
