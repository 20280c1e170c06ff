import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { isUser, tokenOf } from '../access.ts';
import { MastodonError } from '../mastodon-error.ts';
import { Simulation } from '../simulation.ts';
import { checkFaults, checkServer } from './fault-check.ts';
import { textParam } from './params.ts';

/** What every request of the API goes through: faults, the token, the rate limit. Streams are not limited. */
@Injectable()
export class ApiGate implements NestMiddleware {
  private readonly simulation: Simulation;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  use(request: Request, response: Response, next: NextFunction): void {
    const { faults, accessToken } = this.simulation;
    if (faults.isSet('unreachable')) return void request.socket.destroy();
    if (faults.isSet('no_answer')) return;
    const query = textParam(request.query, 'access_token');
    const token = tokenOf({ authorization: request.headers.authorization, query });
    response.locals['token'] = token;
    const isStream = request.originalUrl.startsWith('/api/v1/streaming');
    if (isStream) checkFaults(faults);
    else {
      this.limit(token ?? request.ip ?? '', response);
      checkServer(faults);
      response.locals['user'] = isUser(accessToken, token);
    }
    next();
  }

  private limit(client: string, response: Response): void {
    const { faults, limiter } = this.simulation;
    const isBusy = faults.strikes('rate_limited');
    const { allowed, limit, remaining, resetAt, retryAfter } = limiter.take(client, isBusy);
    response.setHeader('X-RateLimit-Limit', limit);
    response.setHeader('X-RateLimit-Remaining', remaining);
    // Ruby writes microseconds.
    response.setHeader('X-RateLimit-Reset', new Date(resetAt).toISOString().replace('Z', '000Z'));
    if (retryAfter !== undefined) response.setHeader('Retry-After', retryAfter);
    if (!allowed) throw new MastodonError(429, 'Too many requests');
  }
}
