import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Status } from '../entities.ts';
import { MastodonError } from '../mastodon-error.ts';
import { hasMedia, hasTag, isLocal, type Post } from '../posts/post.ts';
import { hashtagName } from '../posts/hashtag-name.ts';
import { Simulation } from '../simulation.ts';
import { flagParam, pageQuery, textParam } from './params.ts';
import { asSeen, requireUser } from './viewer.ts';

type Query = Request['query'];

/** Public timelines and those of hashtags. */
@Controller('api/v1/timelines')
export class TimelinesController {
  private readonly simulation: Simulation;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  @Get('public')
  public(@Req() request: Request, @Res({ passthrough: true }) response: Response): Status[] {
    return this.page(request, response, feedTest(request.query), ['local', 'remote', 'limit', 'only_media']);
  }

  @Get('tag/:tag')
  tag(@Param('tag') tag: string, @Req() request: Request, @Res({ passthrough: true }) response: Response): Status[] {
    const wanted = hashtagName(tag);
    const inFeed = feedTest(request.query);
    // Boosts do not count as posts with a hashtag.
    const test = (post: Post) => hasTag(post, wanted) && post.status.reblog === null && inFeed(post);
    return this.page(request, response, test, ['local', 'limit', 'only_media']);
  }

  private page(request: Request, response: Response, test: (post: Post) => boolean, kept: string[]): Status[] {
    requireUser(this.simulation, response);
    const { faults } = this.simulation;
    if (faults.isSet('deletes_only') || faults.isSet('deletes_untold')) return [];
    if (faults.strikes('no_timelines')) throw new MastodonError(422, 'This timeline is not shown');
    const posts = this.simulation.store.page(pageQuery(request.query), test);
    const [newest, oldest] = [posts[0], posts.at(-1)];
    if (newest !== undefined && oldest !== undefined) {
      const link = (name: string, id: string) => pageUrl(this.simulation.origin, request, kept, name, id);
      const next = link('max_id', oldest.status.id);
      const previous = link('min_id', newest.status.id);
      response.setHeader('Link', `<${next}>; rel="next", <${previous}>; rel="prev"`);
    }
    return posts.map((post) => asSeen(post, response));
  }
}

/** @throws MastodonError 422 for a feed that cannot have posts */
function feedTest(query: Query): (post: Post) => boolean {
  const local = flagParam(query, 'local');
  const remote = flagParam(query, 'remote');
  const onlyMedia = flagParam(query, 'only_media');
  if (local && remote) throw new MastodonError(422, 'local and remote exclude each other');
  return (post) => (!local || isLocal(post)) && (!remote || !isLocal(post)) && (!onlyMedia || hasMedia(post));
}

function pageUrl(origin: string, { path, query }: Request, kept: string[], name: string, id: string): string {
  const url = new URL(path, origin);
  for (const key of kept) {
    const value = textParam(query, key);
    if (value !== undefined) url.searchParams.set(key, value);
  }
  url.searchParams.set(name, id);
  return url.href;
}
