import { HubError } from '@hub/contracts';

/** Too much at once, or too many. */
export class RateLimitedError extends HubError {
  /** When to come back, in seconds. */
  readonly retryAfter: number;

  constructor(message: string, retryAfter: number) {
    super('rate_limited', message);
    this.retryAfter = retryAfter;
  }
}
