import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { HubError, type ErrorCode } from '@hub/contracts';

const BY_CODE: Partial<Record<ErrorCode, status>> = {
  payload_too_large: status.RESOURCE_EXHAUSTED,
  bad_request: status.INVALID_ARGUMENT,
  invalid_event: status.INVALID_ARGUMENT,
};

/** What a gRPC client is told: UNAVAILABLE where a retry can help, and no internals of unforeseen errors. */
export function toServiceError(error: unknown): ServiceError {
  if (!(error instanceof HubError)) return serviceError(status.INTERNAL, 'The message could not be published.');
  const code = BY_CODE[error.code] ?? (error.retryable ? status.UNAVAILABLE : status.INTERNAL);
  return serviceError(code, error.message);
}

function serviceError(code: status, details: string): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata: new Metadata() });
}

/** The status as a word, for metrics. */
export function statusName(error: ServiceError): string {
  return status[error.code] ?? 'UNKNOWN';
}
