import type { IncomingMessage } from 'node:http';

/** How a connection ended. `status`: the server answered the attempt with this HTTP status instead. */
export interface ConnectionEnd {
  cause: 'closed' | 'silent' | 'failed' | 'refused';
  detail: string;
  status?: number;
  /** Milliseconds that the server asks to wait. */
  retryAfterMs?: number;
}

/** One attempt at a stream, from start to end. Another attempt is another object. */
export interface Connection {
  /** Whether it came to be open. */
  readonly opened: Promise<boolean>;
  readonly ended: Promise<ConnectionEnd>;
  /** Stops reading: the server feels it when its buffers are full. */
  pause(): void;
  resume(): void;
  /** Ends it from this side. */
  close(end: ConnectionEnd): void;
}

/** The end of an attempt that was answered with something else than a stream. */
export function refusal({ statusCode = 0, statusMessage = '', headers }: IncomingMessage): ConnectionEnd {
  const seconds = Number(headers['retry-after']);
  return {
    cause: 'refused',
    detail: `HTTP ${statusCode} ${statusMessage}`.trim(),
    status: statusCode,
    ...(seconds > 0 && { retryAfterMs: seconds * 1000 }),
  };
}

/** An AggregateError (several addresses tried) has an empty message. */
export function describe(error: Error): string {
  if (error.message !== '') return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
