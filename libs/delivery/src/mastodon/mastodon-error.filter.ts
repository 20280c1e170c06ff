import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { answerError, toMastodonError } from '../http/http-error.filter.ts';
import { isUnexpected, toWireError } from '../wire-error.ts';

/** Errors in the form that Mastodon's clients read: `error` is a text. */
@Catch()
export class MastodonErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(MastodonErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    if (isUnexpected(error)) this.#logger.error(error);
    const response = host.switchToHttp().getResponse<Response>();
    const wire = toWireError(error);
    answerError(response, wire, toMastodonError(wire));
  }
}
