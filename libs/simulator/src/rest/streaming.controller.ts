import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { admitListener } from '../access.ts';
import { MastodonError } from '../mastodon-error.ts';
import { Simulation } from '../simulation.ts';
import { channelOf } from '../stream/channel.ts';
import { SseSink } from '../stream/sse-sink.ts';
import { flagParam, textParam } from './params.ts';

const STREAMS = new Set(['public', 'public/local', 'public/remote', 'hashtag', 'hashtag/local', 'user', 'direct']);

/** Streams as server-sent events. */
@Controller('api/v1/streaming')
export class StreamingController {
  private readonly simulation: Simulation;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  @Get('health')
  @Header('content-type', 'text/plain')
  health(): string {
    return 'OK';
  }

  @Get('{*stream}')
  stream(@Req() request: Request, @Res() response: Response): void {
    const { streams, faults, accessToken } = this.simulation;
    const token: unknown = response.locals['token'];
    const path = request.path.replace(/^\/api\/v1\/streaming\/?/, '');
    if (!STREAMS.has(path)) throw new MastodonError(400, 'Unknown channel requested');
    admitListener(accessToken, typeof token === 'string' ? token : undefined);
    const name =
      path.replace('/', ':') + (path.startsWith('public') && flagParam(request.query, 'only_media') ? ':media' : '');
    const channel = channelOf(name, textParam(request.query, 'tag'));
    if (faults.strikes('drop_connections')) {
      response.destroy();
      return;
    }
    const sink = new SseSink(response);
    streams.open(sink);
    streams.subscribe(channel, sink);
    response.on('close', () => streams.close(sink));
  }
}
