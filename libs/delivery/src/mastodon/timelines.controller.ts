import { Controller, Get, Inject, Param, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { Filter, Post } from '@hub/contracts';
import { STORE, type PostReader } from '@hub/storage';
import type { Request, Response } from 'express';
import { AccessGuard, Asking } from '../access/access.guard.ts';
import { Access } from '../access/access.ts';
import type { Client } from '../access/client.ts';
import { narrowFilter } from '../access/narrow-filter.ts';
import type { Query as UrlQuery } from '../http/query.ts';
import { readPost } from '../read-history.ts';
import { checkFilter } from '../requests.ts';
import { baseUrl } from './base-url.ts';
import { fromMastodonId, toMastodonId } from './ids.ts';
import { MastodonErrorFilter } from './mastodon-error.filter.ts';
import { toStatus } from './messages.ts';
import { pageBounds, readTimelineQuery, tagFilter, timelineFilter } from './timeline-query.ts';

/** Stored posts as Mastodon's clients ask for them. Ids are the hub's own. */
@Controller('api/v1')
@UseGuards(AccessGuard)
@UseFilters(MastodonErrorFilter)
export class TimelinesController {
  constructor(
    @Inject(STORE) private readonly posts: PostReader,
    private readonly access: Access,
  ) {}

  @Get('timelines/public')
  async public(
    @Query() query: UrlQuery,
    @Asking() client: Client,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Post[]> {
    return this.#page(timelineFilter(readTimelineQuery(query)), client, request, response);
  }

  @Get('timelines/tag/:tag')
  async tag(
    @Param('tag') tag: string,
    @Query() query: UrlQuery,
    @Asking() client: Client,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Post[]> {
    return this.#page(tagFilter(tag, readTimelineQuery(query)), client, request, response);
  }

  @Get('statuses/:id')
  async status(@Param('id') id: string, @Asking() client: Client): Promise<Post> {
    return toStatus(await readPost(this.posts, client, fromMastodonId(id)));
  }

  async #page(filter: Filter, client: Client, request: Request, response: Response): Promise<Post[]> {
    const wanted = narrowFilter(client.filter, checkFilter(filter));
    const bounds = pageBounds(readTimelineQuery(request.query));
    const { posts } = await this.posts.page({ filter: wanted, ...bounds });
    const [newest, oldest] = [posts[0], posts.at(-1)];
    if (newest !== undefined && oldest !== undefined) {
      const link = (rel: string, name: string, id: string) => `<${this.#url(request, name, id)}>; rel="${rel}"`;
      response.setHeader(
        'Link',
        `${link('next', 'max_id', toMastodonId(oldest.id))}, ${link('prev', 'min_id', toMastodonId(newest.id))}`,
      );
    }
    return posts.map(toStatus);
  }

  /** The same request for another page. */
  #url(request: Request, name: string, id: string): string {
    const url = new URL(request.originalUrl, baseUrl(request, this.access.isTrusted(request.socket.remoteAddress)));
    for (const bound of ['max_id', 'since_id', 'min_id', 'access_token']) url.searchParams.delete(bound);
    url.searchParams.set(name, id);
    return url.href;
  }
}
