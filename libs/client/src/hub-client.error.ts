import { ERROR_CODES, type ErrorCode, type WireError } from '@hub/contracts';

/** What the hub refused, or that it cannot be reached (`unavailable`). Compare `code`. */
export class HubClientError extends Error {
  readonly code: ErrorCode;
  /** With `cursor_too_old`: the oldest cursor that still works. */
  readonly oldest: string | undefined;

  constructor({ code, message, oldest }: Pick<WireError, 'code' | 'message' | 'oldest'>, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HubClientError';
    this.code = code;
    this.oldest = oldest;
  }

  /** Whether the same call may succeed later. Codes of a newer hub count as final. */
  get retryable(): boolean {
    return Object.hasOwn(ERROR_CODES, this.code) && ERROR_CODES[this.code].retryable;
  }
}
