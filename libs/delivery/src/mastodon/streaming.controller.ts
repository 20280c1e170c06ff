import { Controller, Get, Header, Inject, Query, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { z } from 'zod';
import { AccessGuard, Asking } from '../access/access.guard.ts';
import type { Client } from '../access/client.ts';
import { DELIVERY_OPTIONS, type DeliveryOptions } from '../delivery.options.ts';
import { EventStreams } from '../http/event-streams.ts';
import { MastodonErrorFilter } from './mastodon-error.filter.ts';
import { MastodonSseSink } from './mastodon-sse-sink.ts';
import { streamFilter, streamName, streamTag } from './streams.ts';

const querySchema = z.object({
  stream: streamName.default(''),
  tag: streamTag,
  only_media: z.enum(['true', 'false', '1', '0'], 'must be true or false').optional(),
});
type StreamQuery = z.input<typeof querySchema>;

/** Mastodon's streaming API as server-sent events; as a WebSocket it is StreamingSockets. */
@Controller('api/v1/streaming')
@UseGuards(AccessGuard)
@UseFilters(MastodonErrorFilter)
export class StreamingController {
  constructor(
    private readonly streams: EventStreams,
    @Inject(DELIVERY_OPTIONS) private readonly options: DeliveryOptions,
  ) {}

  @Get()
  any(@Query() query: StreamQuery, @Asking() client: Client, @Res() response: Response): Promise<void> {
    return this.#serve(query, client, response);
  }

  @Get('public')
  public(@Query() query: StreamQuery, @Asking() client: Client, @Res() response: Response): Promise<void> {
    return this.#serve({ ...query, stream: 'public' }, client, response);
  }

  @Get('public/local')
  local(@Query() query: StreamQuery, @Asking() client: Client, @Res() response: Response): Promise<void> {
    return this.#serve({ ...query, stream: 'public:local' }, client, response);
  }

  @Get('public/remote')
  remote(@Query() query: StreamQuery, @Asking() client: Client, @Res() response: Response): Promise<void> {
    return this.#serve({ ...query, stream: 'public:remote' }, client, response);
  }

  @Get('hashtag')
  hashtag(@Query() query: StreamQuery, @Asking() client: Client, @Res() response: Response): Promise<void> {
    return this.#serve({ ...query, stream: 'hashtag' }, client, response);
  }

  @Get('hashtag/local')
  localHashtag(@Query() query: StreamQuery, @Asking() client: Client, @Res() response: Response): Promise<void> {
    return this.#serve({ ...query, stream: 'hashtag:local' }, client, response);
  }

  async #serve(query: StreamQuery, client: Client, response: Response): Promise<void> {
    const { stream, tag, only_media: onlyMedia } = querySchema.parse(query);
    const media = onlyMedia === 'true' || onlyMedia === '1' ? ':media' : '';
    const filter = streamFilter({ stream: stream + media, ...(tag !== undefined && { tag }) });
    const sink = new MastodonSseSink(response, this.options.stallTimeoutMs);
    await this.streams.serve(client, { filter }, sink, response);
  }
}

/** Asked by monitors: without a key. */
@Controller('api/v1/streaming')
export class StreamingHealthController {
  @Get('health')
  @Header('Content-Type', 'text/plain')
  health(): string {
    return 'OK';
  }
}
