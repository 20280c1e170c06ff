import { Controller, Get, Inject, Param, Query, UseGuards } from '@nestjs/common';
import type { Gap, HistoryPage, Post } from '@hub/contracts';
import { STORE, type Store } from '@hub/storage';
import { AccessGuard, Asking } from '../access/access.guard.ts';
import type { Client } from '../access/client.ts';
import { readHistory, readPost } from '../read-history.ts';
import { gapsQuerySchema, historyQuerySchema } from '../requests.ts';
import { splitQuery, withoutToken, type Query as UrlQuery } from './query.ts';

/** Stored posts. */
@Controller('api/v1')
@UseGuards(AccessGuard)
export class PostsController {
  constructor(@Inject(STORE) private readonly store: Pick<Store, 'get' | 'page' | 'gaps'>) {}

  /** Newest first; the filter's fields, `before` and `limit` as parameters. */
  @Get('posts')
  page(@Query() query: UrlQuery, @Asking() client: Client): Promise<HistoryPage> {
    return readHistory(this.store, client, historyQuerySchema.parse(splitQuery(query, ['before', 'limit'])));
  }

  @Get('posts/:id')
  get(@Param('id') id: string, @Asking() client: Client): Promise<Post> {
    return readPost(this.store, client, id);
  }

  /** What was not read, the newest first. */
  @Get('gaps')
  async gaps(@Query() query: UrlQuery): Promise<{ gaps: readonly Gap[] }> {
    return { gaps: await this.store.gaps(gapsQuerySchema.parse(withoutToken(query)).limit) };
  }
}
