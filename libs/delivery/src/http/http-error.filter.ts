import {
  Catch,
  HttpException,
  Logger,
  NotFoundException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import type { ErrorCode, WireError } from '@hub/contracts';
import type { Request, Response } from 'express';
import { isUnexpected, toWireError, wireError } from '../wire-error.ts';
import { allowedMethods } from './allowed-methods.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  bad_request: 400,
  invalid_filter: 400,
  invalid_cursor: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  cursor_too_old: 410,
  payload_too_large: 413,
  rate_limited: 429,
  unavailable: 503,
  shutting_down: 503,
  store_unavailable: 503,
};
/** Of failures that the framework finds. Its own words may hold what was sent, and say nothing to a client. */
const OF_FRAMEWORK: Record<number, { code: ErrorCode; message: string }> = {
  413: { code: 'payload_too_large', message: 'The request is too large.' },
  500: { code: 'internal', message: 'The hub failed to answer this request.' },
};
const UNREADABLE = { code: 'bad_request', message: 'The request cannot be read.' } as const;
const RETRY_AFTER_SECONDS = 2;
/** Below /api, what is not as Mastodon has it. */
const OWN = /^\/api\/v1\/(?:feed|posts|gaps)(?:\/|$)/i;

/** Answers failures with `{ error: WireError }` and the fitting status; answers that were made on purpose pass as they are. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  readonly #logger = new Logger(HttpErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    // Registered for the whole application, so that unknown routes are answered alike: sockets answer for themselves.
    if (host.getType() !== 'http') return this.#logger.error(error);
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    if (response.headersSent) {
      this.#logger.error(error);
      response.end();
    } else if (error instanceof NotFoundException) answerNoRoute(http.getRequest<Request>(), response);
    else if (error instanceof HttpException) answerHttpException(response, error);
    else {
      if (isUnexpected(error)) this.#logger.error(error);
      answer(response, toWireError(error));
    }
  }
}

/** The HTTP status of a failure. */
export function statusOf(code: ErrorCode): number {
  return STATUS[code] ?? 500;
}

/** Answers with `body`, and the headers that go with the error. */
export function answerError(response: Response, error: WireError, body: object, status = statusOf(error.code)): void {
  response.setHeader('Cache-Control', 'no-store');
  if (error.retryable) response.setHeader('Retry-After', error.retry_after ?? RETRY_AFTER_SECONDS);
  if (error.code === 'unauthorized') response.setHeader('WWW-Authenticate', 'Bearer realm="hub"');
  response.status(status).json(body);
}

function answer(response: Response, error: WireError, status?: number): void {
  answerError(response, error, { error }, status);
}

/** The path is not there, or not for this method. `OPTIONS` asks which it is for. */
function answerNoRoute(request: Request, response: Response): void {
  const methods = allowedMethods(request).join(', ');
  if (methods === '') return answerOf(request, response, wireError('not_found', 'There is nothing here.'), 404);
  response.setHeader('Allow', methods);
  if (request.method === 'OPTIONS') response.status(204).end();
  else answerOf(request, response, wireError('bad_request', `This answers to ${methods} alone.`), 405);
}

/** Most of what is asked in vain below /api is asked by clients of Mastodon, and answered in its form. */
function answerOf({ path }: Request, response: Response, error: WireError, status: number): void {
  if (path.startsWith('/api/') && !OWN.test(path)) answerError(response, error, toMastodonError(error), status);
  else answer(response, error, status);
}

/** An error as Mastodon's clients read it. */
export function toMastodonError({ message, code }: WireError): { error: string; code: ErrorCode } {
  return { error: message, code };
}

function answerHttpException(response: Response, exception: HttpException): void {
  const status = exception.getStatus();
  const body = exception.getResponse();
  const isOfNest = typeof body === 'string' || 'statusCode' in body;
  if (!isOfNest) response.status(status).setHeader('Cache-Control', 'no-store').json(body);
  else {
    const { code, message } = OF_FRAMEWORK[status] ?? UNREADABLE;
    answer(response, wireError(code, message), status);
  }
}
