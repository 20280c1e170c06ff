import { types } from 'node:util';
import { HubError } from '@hub/contracts';
import { StoreUnavailableError } from '@hub/storage';
import mongoose, { mongo } from 'mongoose';

const { isNativeError } = types;

/** https://www.mongodb.com/docs/manual/reference/error-codes/ */
const CODES = {
  failedToParse: [9],
  /** A user without rights, a wrong password, the same at Atlas. */
  refused: [13, 18, 8000],
  namespaceExists: [48],
  invalidResumeToken: [260],
  historyLost: [280, 286],
  writeConflict: [112, 11_000],
  tooLarge: [10_334],
  full: [14_031],
  /** The member stepped down, is starting or stopping, has lost a cursor, or took too long: another try may do. */
  passing: [6, 7, 43, 50, 64, 89, 91, 134, 189, 239, 246, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436],
} as const satisfies Record<string, readonly number[]>;

type Kind = keyof typeof CODES;

export function isKind(error: unknown, ...kinds: Kind[]): boolean {
  if (!(error instanceof mongo.MongoError)) return false;
  return kinds.some((kind) => (CODES[kind] as readonly unknown[]).includes(error.code));
}

const AWAY = [
  mongo.MongoNetworkError,
  mongo.MongoSystemError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongo.MongoServerClosedError,
  mongoose.Error.MongooseServerSelectionError,
];
const UNKNOWN_COMMIT = 'UnknownTransactionCommitResult';
const LABELS = ['TransientTransactionError', 'RetryableWriteError', UNKNOWN_COMMIT];

/** Whether a transaction was committed or not is not known. */
export function isUnknownCommit(error: unknown): boolean {
  return error instanceof mongo.MongoError && error.hasErrorLabel(UNKNOWN_COMMIT);
}

/** What made a bulk write fail where no single write did: a lost connection, above all. */
function rootOf(error: unknown): unknown {
  if (!(error instanceof mongo.MongoBulkWriteError)) return error;
  const root: unknown = error.errorResponse;
  return root instanceof mongo.MongoError ? root : error;
}

/** Of a socket that the driver was not told of in time (EPIPE …). */
function isSystemError(error: unknown): boolean {
  return isNativeError(error) && 'code' in error && /^E(?!RR_)[A-Z]+$/.test(String(error.code));
}

/** Whether the same may succeed a moment later. */
export function isPassing(failure: unknown): boolean {
  const error = rootOf(failure);
  if (AWAY.some((kind) => error instanceof kind) || isSystemError(error)) return true;
  if (isKind(error, 'passing', 'writeConflict')) return true;
  return error instanceof mongo.MongoError && LABELS.some((label) => error.hasErrorLabel(label));
}

/**
 * The error as others know it. Messages of the driver stay behind, but for the system's word (ECONNREFUSED …): they
 * may hold addresses, and parts of documents.
 */
export function translate(error: unknown): unknown {
  if (isKind(error, 'refused')) {
    return new HubError(
      'invalid_config',
      'MongoDB refuses the user: name and password, or its rights, do not suffice.',
    );
  }
  if (isKind(error, 'full')) {
    return new HubError('storage_full', 'MongoDB has no space left: make room; the hub goes on by itself.');
  }
  if (isKind(error, 'tooLarge')) {
    return new HubError('payload_too_large', 'A post is larger than MongoDB can store (16 MB).');
  }
  if (isPassing(error)) return new StoreUnavailableError(`MongoDB does not answer as it should: ${summary(error)}.`);
  if (error instanceof mongo.MongoError) return new HubError('internal', `MongoDB failed: ${summary(error)}.`);
  return error;
}

function summary(error: unknown): string {
  if (!isNativeError(error)) return 'unknown error';
  const code = error instanceof mongo.MongoServerError ? (error.codeName ?? error.code) : systemWord(error.message);
  return code === undefined ? error.name : `${error.name}, ${String(code)}`;
}

/** What the operating system calls it: ECONNREFUSED … */
export function systemWord(message: string): string | undefined {
  return /\bE[A-Z]{4,}\b/.exec(message)?.[0];
}
