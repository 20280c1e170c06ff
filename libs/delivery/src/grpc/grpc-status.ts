import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import type { ErrorCode, WireError } from '@hub/contracts';

const STATUS: Partial<Record<ErrorCode, status>> = {
  bad_request: status.INVALID_ARGUMENT,
  invalid_filter: status.INVALID_ARGUMENT,
  invalid_cursor: status.INVALID_ARGUMENT,
  payload_too_large: status.INVALID_ARGUMENT,
  cursor_too_old: status.OUT_OF_RANGE,
  unauthorized: status.UNAUTHENTICATED,
  forbidden: status.PERMISSION_DENIED,
  not_found: status.NOT_FOUND,
  rate_limited: status.RESOURCE_EXHAUSTED,
  too_slow: status.RESOURCE_EXHAUSTED,
  unavailable: status.UNAVAILABLE,
  shutting_down: status.UNAVAILABLE,
  store_unavailable: status.UNAVAILABLE,
};

/** How a call ends that cannot go on: the code is in the trailers too, with where to go on or when. */
export function statusOf({ code, message, cursor, oldest, retry_after: retryAfter }: WireError): StatusObject {
  const metadata = new Metadata();
  const trailers = { code, cursor, oldest, 'retry-after': retryAfter };
  for (const [name, value] of Object.entries(trailers)) {
    if (value !== undefined) metadata.set(`hub-${name}`, String(value));
  }
  return { code: STATUS[code] ?? status.INTERNAL, details: message, metadata };
}
