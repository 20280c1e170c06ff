import { types } from 'node:util';
import { HubError, type ErrorCode } from '@hub/contracts';

/** The data was written by a newer version of the hub. */
export class DataVersionError extends HubError {
  constructor(path: string, found: number, known: number) {
    super(
      'data_version',
      `${path} has data format ${found}, this version of the hub knows up to ${known}: run the newer version, or choose another DATA_DIR.`,
    );
  }
}

/** The file is damaged or not ours: going on could lose more. */
export class DataCorruptError extends HubError {
  constructor(path: string, options?: ErrorOptions) {
    super(
      'data_corrupt',
      `${path} is damaged or not a file of the hub: restore it, or choose another DATA_DIR.`,
      options,
    );
  }
}

/** No space is left, or the file may not grow. */
export class StorageFullError extends HubError {
  constructor(path: string, options?: ErrorOptions) {
    super('storage_full', `No space is left for ${path}: free some; the hub goes on by itself.`, options);
  }
}

/** The file cannot be opened, read or written now. */
export class StorageUnavailableError extends HubError {
  constructor(path: string, detail: string, options?: ErrorOptions) {
    super('store_unavailable', `${path}: ${detail}`, options);
  }
}

// Primary result codes: https://www.sqlite.org/rescode.html
const FULL = 13;
const UNAVAILABLE = new Map([
  [5, 'busy'],
  [6, 'locked'],
  [8, 'read-only'],
  [10, 'input/output error'],
  [14, 'cannot be opened: does the folder exist, and may this user write there?'],
]);
const CORRUPT = new Set([11, 26]);

/** What an error of node:sqlite means; anything else is returned as it is. */
export function translateSqliteError(error: unknown, path: string): unknown {
  // Not `instanceof`: the error may come from another realm, as under a test runner.
  if (!types.isNativeError(error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  const code = error.errcode & 0xff;
  if (code === FULL) return new StorageFullError(path, { cause: error });
  if (CORRUPT.has(code)) return new DataCorruptError(path, { cause: error });
  const detail = UNAVAILABLE.get(code);
  return detail === undefined ? error : new StorageUnavailableError(path, detail, { cause: error });
}

/** An error in the form in which it crosses from a worker thread. */
export interface TransferredError {
  code: ErrorCode | undefined;
  message: string;
  stack: string | undefined;
}

export function packError(error: unknown): TransferredError {
  if (!(error instanceof Error)) return { code: undefined, message: String(error), stack: undefined };
  return { code: error instanceof HubError ? error.code : undefined, message: error.message, stack: error.stack };
}

export function unpackError({ code, message, stack }: TransferredError): Error {
  const error = code === undefined ? new Error(message) : new HubError(code, message);
  if (stack !== undefined) error.stack = stack;
  return error;
}
