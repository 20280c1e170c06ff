import { HubError } from '@hub/contracts';
import { BrokerUnavailableError } from '@hub/messaging';

/** gRPC's codes, as far as they are told apart. */
const STATUS = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  FAILED_PRECONDITION: 9,
  UNAUTHENTICATED: 16,
} as const;

/** Of those that may pass. */
const PASSING: Readonly<Record<number, string>> = {
  1: 'CANCELLED',
  2: 'UNKNOWN',
  4: 'DEADLINE_EXCEEDED',
  8: 'RESOURCE_EXHAUSTED',
  10: 'ABORTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
};

/** The topic or subscription is not there, or not yet known everywhere: it is to be made, and the call made again. */
export class MissingError extends BrokerUnavailableError {}

/** What a call is for, in words for whoever has to mend something. */
export interface Request {
  /** 'publish to the topic x' */
  does: string;
  /** What IAM must allow for it. */
  needs: string;
}

/** Makes the call; what it throws are HubErrors. */
export async function calling<T>(request: Request, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toHubError(error, request);
  }
}

export function toHubError(error: unknown, { does, needs }: Request): unknown {
  if (error instanceof HubError) return error;
  const options = { cause: error };
  const status = statusOf(error);
  switch (status) {
    case STATUS.NOT_FOUND:
      return new MissingError(`Pub/Sub cannot ${does}: it is not there`, options);
    case STATUS.PERMISSION_DENIED:
      return new HubError('forbidden', denial(error, does, needs), options);
    case STATUS.UNAUTHENTICATED:
      return new HubError('unauthorized', 'Pub/Sub refuses the credentials of this application.', options);
    case STATUS.INVALID_ARGUMENT:
    case STATUS.FAILED_PRECONDITION:
      return new HubError('invalid_config', `Pub/Sub refuses to ${does}: ${wordsOf(error)}`, options);
    case undefined:
      return withoutStatus(error);
    default:
      return new BrokerUnavailableError(`Pub/Sub cannot ${does} now (${PASSING[status] ?? status})`, options);
  }
}

/** Nothing if it is no answer, nor a failure to get one. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}

export function isDenied(error: unknown): boolean {
  return error instanceof HubError && error.code === 'forbidden';
}

export function isThereAlready(error: unknown): boolean {
  return error instanceof HubError && statusOf(error.cause) === STATUS.ALREADY_EXISTS;
}

/** No answer came in the time that the call had. */
export function isLate(error: unknown): boolean {
  return error instanceof HubError && statusOf(error.cause) === STATUS.DEADLINE_EXCEEDED;
}

/** With exactly-once delivery: what became of single messages of an acknowledgement, by their ack ids. */
export function failuresById(error: unknown): Readonly<Record<string, string>> | undefined {
  const cause = error instanceof HubError ? error.cause : undefined;
  if (!(cause instanceof Error) || !('errorInfoMetadata' in cause)) return undefined;
  const failures = Object.entries(cause.errorInfoMetadata ?? {}).map(([id, word]) => [id, String(word)] as const);
  return failures.some(([, word]) => /^(PERMANENT|TRANSIENT)_FAILURE/.test(word))
    ? Object.fromEntries(failures)
    : undefined;
}

function denial(error: unknown, does: string, needs: string): string {
  return reasonOf(error) === 'SERVICE_DISABLED'
    ? 'The Pub/Sub API is not enabled in this project: gcloud services enable pubsub.googleapis.com'
    : `Pub/Sub does not let this application ${does}: grant it ${needs}.`;
}

/** From the SDK's search for credentials, before any call. */
export function withoutStatus(error: unknown): unknown {
  if (!(error instanceof Error) || !/credentials/i.test(error.message)) return error;
  return new HubError(
    'unauthorized',
    'There are no Google credentials: set GOOGLE_APPLICATION_CREDENTIALS to a key file, run ' +
      '`gcloud auth application-default login`, or give the workload a service account. For an emulator set PUBSUB_EMULATOR_HOST.',
    { cause: error },
  );
}

function reasonOf(error: unknown): unknown {
  return error instanceof Error && 'reason' in error ? error.reason : undefined;
}

function wordsOf(error: unknown): string {
  const details = error instanceof Error && 'details' in error ? error.details : undefined;
  return typeof details === 'string' && details !== ''
    ? details
    : error instanceof Error
      ? error.message
      : String(error);
}
