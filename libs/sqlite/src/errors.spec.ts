import { describe, expect, it } from '@jest/globals';
import { HubError } from '@hub/contracts';
import { packError, StorageFullError, translateSqliteError, unpackError } from './errors.ts';

const sqliteError = (errcode: number) => Object.assign(new Error('of SQLite'), { errcode });

describe('translateSqliteError', () => {
  it.each([
    ['full', 13, 'storage_full', true],
    ['malformed', 11, 'data_corrupt', false],
    ['malformed, extended', 11 | (3 << 8), 'data_corrupt', false],
    ['not a database', 26, 'data_corrupt', false],
    ['busy', 5, 'store_unavailable', true],
    ['read-only, extended', 8 | (1 << 8), 'store_unavailable', true],
    ['input/output, extended', 10 | (13 << 8), 'store_unavailable', true],
    ['cannot open', 14, 'store_unavailable', true],
  ])('%s', (_, errcode, code, retryable) => {
    const cause = sqliteError(errcode);
    expect(translateSqliteError(cause, '/data/x.db')).toMatchObject({ code, retryable, cause });
    expect(translateSqliteError(cause, '/data/x.db')).toHaveProperty('message', expect.stringContaining('/data/x.db'));
  });

  it.each([
    ['a constraint', sqliteError(19)],
    ['no error of SQLite', new TypeError('x')],
    ['no error', 'x'],
  ])('returns %s as it is', (_, error) => {
    expect(translateSqliteError(error, 'p')).toBe(error);
  });
});

describe('packError and unpackError', () => {
  it('carry a HubError with its code, message and stack', () => {
    const error = new StorageFullError('p');
    const carried = unpackError(structuredClone(packError(error)));
    expect(carried).toBeInstanceOf(HubError);
    expect(carried).toMatchObject({
      code: 'storage_full',
      retryable: true,
      message: error.message,
      stack: error.stack,
    });
  });

  it('carry any other error as an error', () => {
    expect(unpackError(packError(new TypeError('x')))).toMatchObject({ message: 'x' });
    expect(unpackError(packError('words'))).toMatchObject({ message: 'words' });
    expect(unpackError(packError('words'))).not.toBeInstanceOf(HubError);
  });
});
