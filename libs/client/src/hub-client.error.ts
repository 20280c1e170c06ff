import type { ErrorCode, WireError } from '@hub/contracts';

/** What the hub refused, or that it cannot be reached (`unavailable`). Compare `code`. */
export class HubClientError extends Error {
  readonly code: ErrorCode;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** With `cursor_too_old`: the oldest cursor that still works. */
  readonly oldest: string | undefined;

  /** With `rate_limited`: after how many seconds the same call may succeed. */
  readonly retryAfter: number | undefined;

  constructor({ code, message, retryable, oldest, retry_after: retryAfter }: WireError, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HubClientError';
    this.code = code;
    this.retryable = retryable;
    this.oldest = oldest;
    this.retryAfter = retryAfter;
  }
}
