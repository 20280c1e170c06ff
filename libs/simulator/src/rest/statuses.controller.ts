import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Status } from '../entities.ts';
import { compareIds } from '../ids.ts';
import { MastodonError } from '../mastodon-error.ts';
import { type Post, visible } from '../posts/post.ts';
import { Simulation } from '../simulation.ts';
import { listParam } from './params.ts';
import { asSeen, requireUser } from './viewer.ts';

const MAX_IDS = 20;

/** Single posts. Those that are not public do not exist for a reader. */
@Controller('api/v1/statuses')
export class StatusesController {
  private readonly simulation: Simulation;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  /** Unknown ids are left out. */
  @Get()
  several(@Req() request: Request, @Res({ passthrough: true }) response: Response): Status[] {
    requireUser(this.simulation, response);
    const ids = [...new Set(listParam(request.query, 'id'))];
    if (ids.length > MAX_IDS) throw new MastodonError(422, 'Mastodon::ValidationError');
    const posts = ids.flatMap((id) => this.find(id) ?? []);
    return posts.sort((a, b) => compareIds(a.status.id, b.status.id)).map((post) => asSeen(post, response));
  }

  @Get(':id')
  single(@Param('id') id: string, @Res({ passthrough: true }) response: Response): Status {
    requireUser(this.simulation, response);
    return asSeen(this.existing(id), response);
  }

  @Get(':id/context')
  context(@Param('id') id: string, @Res({ passthrough: true }) response: Response) {
    requireUser(this.simulation, response);
    const { status } = this.existing(id);
    const answers = [...this.simulation.store.all()].filter((post) => post.status.in_reply_to_id === status.id);
    return {
      ancestors: this.ancestors(status).map((post) => asSeen(post, response)),
      descendants: answers.filter(visible).map((post) => asSeen(post, response)),
    };
  }

  private ancestors(status: Status): Post[] {
    const parent = status.in_reply_to_id === null ? undefined : this.find(status.in_reply_to_id);
    return parent === undefined ? [] : [...this.ancestors(parent.status), parent];
  }

  private find(id: string): Post | undefined {
    const post = this.simulation.store.get(id);
    return post !== undefined && visible(post) ? post : undefined;
  }

  private existing(id: string): Post {
    const post = this.find(id);
    if (post === undefined) throw new MastodonError(404, 'Record not found');
    return post;
  }
}
