import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { MastodonError } from '../mastodon-error.ts';
import { Simulation } from '../simulation.ts';
import { hasUser } from './viewer.ts';

/** Whose token it is. */
@Controller('api/v1')
export class CredentialsController {
  private readonly simulation: Simulation;

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  @Get('apps/verify_credentials')
  app(@Res({ passthrough: true }) response: Response) {
    requireToken(response);
    return {
      id: '1',
      name: 'Reader',
      website: null,
      scopes: ['read'],
      redirect_uris: ['urn:ietf:wg:oauth:2.0:oob'],
      redirect_uri: 'urn:ietf:wg:oauth:2.0:oob',
      vapid_key: '',
    };
  }

  /** The user is the first of the server's own people. */
  @Get('accounts/verify_credentials')
  account(@Res({ passthrough: true }) response: Response) {
    requireToken(response);
    const account = this.simulation.composer.people.find(({ local }) => local)?.account;
    if (account === undefined) throw new MastodonError(404, 'Record not found');
    const source = {
      privacy: 'public',
      sensitive: false,
      language: null,
      note: '',
      fields: [],
      follow_requests_count: 0,
    };
    return { ...account, source, role: { id: '-99', name: '', permissions: '0', color: '', highlighted: false } };
  }
}

function requireToken(response: Response): void {
  if (!hasUser(response)) throw new MastodonError(401, 'The access token is invalid');
}
