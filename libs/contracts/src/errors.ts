/**
 * Stable codes: clients and operators may compare them; new ones may come, none changes its meaning.
 * `retryable`: the same call may succeed later without a change by the caller.
 */
export const ERROR_CODES = {
  bad_request: { retryable: false },
  invalid_filter: { retryable: false },
  invalid_cursor: { retryable: false },
  cursor_too_old: { retryable: false },
  not_found: { retryable: false },
  not_subscribed: { retryable: false },
  payload_too_large: { retryable: false },
  rate_limited: { retryable: true },
  unauthorized: { retryable: false },
  forbidden: { retryable: false },
  too_slow: { retryable: true },
  unavailable: { retryable: true },
  shutting_down: { retryable: true },
  internal: { retryable: false },
  invalid_config: { retryable: false },
  invalid_event: { retryable: false },
  refused: { retryable: false },
  broker_unavailable: { retryable: true },
  store_unavailable: { retryable: true },
  storage_full: { retryable: true },
  data_version: { retryable: false },
  data_corrupt: { retryable: false },
  source_unavailable: { retryable: true },
  source_refused: { retryable: false },
} as const satisfies Record<string, { retryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Every error that the hub raises on purpose. Messages name what to do and never carry secrets or values of the environment. */
export class HubError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }

  /** Whether a retry can help. */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }
}

/** What a client is told of an error: no stack, no internals. */
export interface WireError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  /** With cursor_too_old: the oldest cursor that still works. */
  oldest?: string;
  /** With too_slow and shutting_down: where to go on. */
  cursor?: string;
  /** With rate_limited: when to come back, in seconds. */
  retry_after?: number;
}
