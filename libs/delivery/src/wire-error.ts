import { ERROR_CODES, HubError, type ErrorCode, type WireError } from '@hub/contracts';
import { CursorTooOldError } from '@hub/storage';
import { ZodError } from 'zod';
import { RateLimitedError } from './access/rate-limited.error.ts';

/** What a client is told of a failure; nothing of the inside of an unexpected one. */
export function toWireError(error: unknown): WireError {
  if (error instanceof ZodError) return wireError(invalidCode(error), explain(error));
  if (!(error instanceof HubError)) return wireError('internal', 'The hub failed to answer this request.');
  const told = wireError(error.code, error.message);
  if (error instanceof RateLimitedError) return { ...told, retry_after: error.retryAfter };
  return error instanceof CursorTooOldError ? { ...told, oldest: error.oldest } : told;
}

export function wireError(code: ErrorCode, message: string): WireError {
  return { code, message, retryable: ERROR_CODES[code].retryable };
}

/** Whether a failure is the hub's own and belongs into its log. */
export function isUnexpected(error: unknown): boolean {
  return !(error instanceof HubError || error instanceof ZodError);
}

const CODE_OF: Record<string, ErrorCode> = {
  filter: 'invalid_filter',
  cursor: 'invalid_cursor',
  before: 'invalid_cursor',
};

/** Of the one part of the request that is wrong, if it is one. */
function invalidCode({ issues }: ZodError): ErrorCode {
  const [first, ...others] = new Set(issues.map(({ path }) => path[0]));
  return (others.length === 0 && CODE_OF[String(first)]) || 'bad_request';
}

function explain({ issues }: ZodError): string {
  return issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.') || 'the request'}: ${wordsOf(issue)}`)
    .join('; ');
}

/** Schemas have words of their own for values, not for objects. */
function wordsOf(issue: ZodError['issues'][number]): string {
  if (issue.code === 'unrecognized_keys') {
    return `there is no ${issue.keys
      .slice(0, 3)
      .map((key) => JSON.stringify(key))
      .join(', ')}`;
  }
  return issue.code === 'invalid_type' && issue.expected === 'object' ? 'must be an object' : issue.message;
}
