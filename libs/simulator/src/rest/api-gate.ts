import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { isUser, tokenOf } from '../access.ts';
import { MastodonError } from '../mastodon-error.ts';
import { Simulation } from '../simulation.ts';
import { checkFaults } from './fault-check.ts';
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
    checkFaults(faults);
    const query = textParam(request.query, 'access_token');
    const token = tokenOf({ authorization: request.headers.authorization, query });
    response.locals['token'] = token;
    if (!request.originalUrl.startsWith('/api/v1/streaming')) {
      this.limit(token ?? request.ip ?? '', response);
      response.locals['user'] = isUser(accessToken, token);
    }
    next();
  }

  private limit(client: string, response: Response): void {
    const { allowed, limit, remaining, resetAt } = this.simulation.limiter.take(client);
    response.setHeader('X-RateLimit-Limit', limit);
    response.setHeader('X-RateLimit-Remaining', remaining);
    // Ruby writes microseconds.
    response.setHeader('X-RateLimit-Reset', new Date(resetAt).toISOString().replace('Z', '000Z'));
    if (!allowed) throw new MastodonError(429, 'Too many requests');
  }
}
