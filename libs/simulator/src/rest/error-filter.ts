import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { MastodonError } from '../mastodon-error.ts';

/** Answers errors as Mastodon does: `{"error": "…"}`. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(ErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) {
      response.end();
      return;
    }
    const { status, message } = this.answer(error);
    response.status(status).json({ error: message });
  }

  private answer(error: unknown): MastodonError {
    if (error instanceof MastodonError) return error;
    if (error instanceof HttpException) {
      return new MastodonError(error.getStatus(), error.getStatus() === 404 ? 'Not Found' : error.message);
    }
    this.logger.error(error);
    return new MastodonError(500, 'Internal Server Error');
  }
}
