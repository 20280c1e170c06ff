import type { Response } from 'express';
import type { Status } from '../entities.ts';
import { MastodonError } from '../mastodon-error.ts';
import type { Post } from '../posts/post.ts';
import type { Simulation } from '../simulation.ts';

/** Whether the request came with a valid token. */
export function hasUser(response: Response): boolean {
  return response.locals['user'] === true;
}

/** Asks for a token, if one is configured. @throws MastodonError 422 as Mastodon does */
export function requireUser({ accessToken }: Simulation, response: Response): void {
  if (accessToken !== undefined && !hasUser(response)) {
    throw new MastodonError(422, 'This method requires an authenticated user');
  }
}

/** A post as REST shows it: to a user with the user's own relation to it. */
export function asSeen({ status }: Post, response: Response): Status {
  return hasUser(response) ? related(status) : status;
}

function related(status: Status): Status {
  return {
    ...status,
    ...NO_RELATION,
    reblog: status.reblog === null ? null : related(status.reblog),
    quote_approval: { ...status.quote_approval, current_user: 'automatic' },
  };
}

const NO_RELATION = { favourited: false, reblogged: false, muted: false, bookmarked: false, filtered: [] };
