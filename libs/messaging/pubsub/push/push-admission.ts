import {
  ForbiddenException,
  HttpException,
  HttpStatus,
  Injectable,
  Logger,
  ServiceUnavailableException,
  UnauthorizedException,
  type NestMiddleware,
} from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { GoogleToken } from './google-token.ts';

/** A message of 10 MB in base64, and what is around it. */
export const MAX_BODY_BYTES = 15 * 1024 * 1024;
/** Of requests that are being handled. Pub/Sub sends fewer when it is told that there are too many. */
const MAX_BYTES_IN_HAND = 4 * MAX_BODY_BYTES;

/** Lets in Pub/Sub's own requests, as many as there is memory for. Before anything of their content is read. */
@Injectable()
export class PushAdmission implements NestMiddleware {
  private readonly logger = new Logger('PubSubPush');
  private bytesInHand = 0;

  constructor(private readonly token: GoogleToken) {}

  async use(request: Request, response: Response, next: NextFunction): Promise<void> {
    await this.check(request.headers.authorization);
    const bytes = Number(request.headers['content-length'] ?? MAX_BODY_BYTES);
    if (this.bytesInHand + bytes > MAX_BYTES_IN_HAND) {
      throw new HttpException('Too many messages at once.', HttpStatus.TOO_MANY_REQUESTS);
    }
    this.bytesInHand += bytes;
    response.once('close', () => void (this.bytesInHand -= bytes));
    next();
  }

  private async check(authorization: string | undefined): Promise<void> {
    const verdict = await this.token.judge(authorization).catch((error: unknown) => {
      this.logger.error(`A push cannot be verified: ${error instanceof Error ? error.message : String(error)}`);
      throw new ServiceUnavailableException("The issuer's certificates cannot be fetched.");
    });
    if (verdict === 'no valid token') {
      throw new UnauthorizedException('A valid token of the push subscription is needed.');
    }
    if (verdict === 'another caller') {
      this.logger.warn('A push came with a valid token of another service account than PUBSUB_PUSH_SERVICE_ACCOUNT.');
      throw new ForbiddenException('This service account may not push.');
    }
  }
}
