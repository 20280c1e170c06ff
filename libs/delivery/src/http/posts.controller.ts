import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { HubError, type Gap, type HistoryPage, type Post } from '@hub/contracts';
import { STORE, type Store } from '@hub/storage';
import { readHistory } from '../read-history.ts';
import { gapsQuerySchema, historyQuerySchema } from '../requests.ts';
import { splitQuery, type Query as UrlQuery } from './query.ts';

/** Stored posts. */
@Controller('api/v1')
export class PostsController {
  constructor(@Inject(STORE) private readonly store: Pick<Store, 'get' | 'page' | 'gaps'>) {}

  /** Newest first; the filter's fields, `before` and `limit` as parameters. */
  @Get('posts')
  page(@Query() query: UrlQuery): Promise<HistoryPage> {
    return readHistory(this.store, historyQuerySchema.parse(splitQuery(query, ['before', 'limit'])));
  }

  @Get('posts/:id')
  async get(@Param('id') id: string): Promise<Post> {
    const post = await this.store.get(id);
    if (post === undefined) throw new HubError('not_found', 'There is no such post here, or not any more.');
    return post;
  }

  /** What was not read, the newest first. */
  @Get('gaps')
  async gaps(@Query() query: UrlQuery): Promise<{ gaps: readonly Gap[] }> {
    return { gaps: await this.store.gaps(gapsQuerySchema.parse(query).limit) };
  }
}
